import { z } from 'zod';
import { ConfigurationError } from './configuration/error.ts';
import { parameterKeys, type ParameterKey } from './configuration/keys/parameters.ts';

/**
 * A recipe: a loss, a batching strategy that feeds it, and their parameters. This file lists them, says which fit
 * together, and parses loss names with parameters; the implementations are in `lab`.
 */

// --- Parameters ---------------------------------------------------------------------------------

type ParameterSchema<Key extends ParameterKey> = (typeof parameterKeys)[Key]['schema'];

/** Parameters with their defaults; undefined for one that is absent unless a configuration names it. */
type Defaults = { readonly [Key in ParameterKey]?: z.output<ParameterSchema<Key>> | undefined };

type SchemaOfDefaults<D extends Defaults> = z.ZodObject<
  {
    [Key in keyof D & ParameterKey]: D[Key] extends undefined
      ? z.ZodOptional<ParameterSchema<Key>>
      : z.ZodDefault<ParameterSchema<Key>>;
  },
  z.core.$strict
>;

function schemaOf<D extends Defaults>(defaults: D): SchemaOfDefaults<D> {
  const shape = Object.entries(defaults).map(([key, value]) => {
    const schema: z.ZodType = parameterKeys[key as ParameterKey].schema;
    return [key, value === undefined ? schema.optional() : schema.default(value)] as const;
  });
  return z.strictObject(Object.fromEntries(shape)) as unknown as SchemaOfDefaults<D>;
}

// --- Strategies ---------------------------------------------------------------------------------

export const strategyParameters = {
  infonce: schemaOf({ take_top: true }),
  multiple_positives: schemaOf({ pos_count: 3 }),
  hard_negative: schemaOf({}),
  triplet: schemaOf({ neg_strategy: 'hard_negative' }),
  listwise: schemaOf({ max_answers: 5 }),
} as const;

export type StrategyName = keyof typeof strategyParameters;
export type StrategyParameters = { [N in StrategyName]: z.output<(typeof strategyParameters)[N]> };
export const strategyNames = Object.keys(strategyParameters) as StrategyName[];

// --- Losses -------------------------------------------------------------------------------------

/** If it is learned, this is where it starts. */
const temperature = (start: number) => ({ temperature: start, learn_temperature: undefined });
/** 1/τ is 100 at most (Radford et al. 2021): without a bound a loss could continue to fall by scale alone. */
export const lowestLearnedTemperature = 0.01;
const ofEveryLoss = { matryoshka_dimensions: undefined };

/** A loss: its parameters with defaults, and the strategies that can feed it; the first strategy is the default. */
function declare<D extends Defaults>(defaults: D, ...strategies: [StrategyName, ...StrategyName[]]) {
  return { parameters: schemaOf({ ...defaults, ...ofEveryLoss }), strategies };
}

const declarations = {
  infonce: declare({ ...temperature(0.1) }, 'infonce', 'multiple_positives'),
  standard_infonce: declare({ ...temperature(0.1) }, 'infonce', 'multiple_positives'),
  rank_infonce: declare(
    {
      ...temperature(0.1),
      use_ranks: true,
      use_scores: false,
      rank_weight: 0.1,
      score_weight: 0.05,
    },
    'multiple_positives',
    'infonce',
  ),
  multiple_positives: declare({ ...temperature(0.1), rank_weight: 0.1 }, 'multiple_positives'),
  hard_negative: declare({ ...temperature(0.1), hard_negative_weight: 1 }, 'hard_negative', 'multiple_positives'),
  relaxed_hard_neg: declare({ ...temperature(0.1), hard_neg_target_prob: 0.1 }, 'hard_negative', 'multiple_positives'),
  triplet: declare({ margin: 0.2 }, 'triplet'),
  listwise: declare({ ...temperature(1) }, 'listwise'),
  mse: declare({ normalize: true }, 'hard_negative', 'multiple_positives'),
  pairwise_logistic: declare({ ...temperature(0.1) }, 'listwise', 'hard_negative'),
  lambda_loss: declare({ ...temperature(0.1) }, 'listwise', 'hard_negative'),
  list_mle: declare({ ...temperature(0.1) }, 'listwise', 'hard_negative'),
  margin_mse: declare({}, 'hard_negative', 'multiple_positives'),
  cosent: declare({ ...temperature(0.05) }, 'hard_negative', 'multiple_positives'),
  infonce_hard_negatives: declare(
    { ...temperature(0.1), hard_negative_weight: 1, use_scores: false },
    'hard_negative',
    'multiple_positives',
  ),
  best_answer: declare({ ...temperature(0.1) }, 'hard_negative'),
  per_answer_infonce: declare({ ...temperature(0.1) }, 'multiple_positives'),
  hardness_infonce: declare({ ...temperature(0.1), hardness: 5 }, 'infonce', 'multiple_positives'),
  decoupled_infonce: declare({ ...temperature(0.1) }, 'infonce', 'multiple_positives'),
  batch_triplet: declare(
    {
      mining: 'semi_hard',
      margin: 0.2,
      soft_margin: false,
    },
    'infonce',
    'multiple_positives',
  ),
};

export type LossName = keyof typeof declarations;
type LossSchemas = { readonly [N in LossName]: (typeof declarations)[N]['parameters'] };
export type LossParameters = { [N in LossName]: z.output<LossSchemas[N]> };
export const lossNames = Object.keys(declarations) as LossName[];

export const lossParameters = Object.fromEntries(
  lossNames.map((name) => [name, declarations[name].parameters]),
) as unknown as LossSchemas;

/** The strategies that can feed a loss; the first is the default. */
export const strategiesOfLoss = Object.fromEntries(
  lossNames.map((name) => [name, declarations[name].strategies]),
) as unknown as Readonly<Record<LossName, readonly [StrategyName, ...StrategyName[]]>>;

/** The loss of a configuration without `loss_type`. */
export const defaultLossOfStrategy: Record<StrategyName, LossName> = {
  infonce: 'infonce',
  multiple_positives: 'rank_infonce',
  hard_negative: 'relaxed_hard_neg',
  triplet: 'triplet',
  listwise: 'listwise',
};

export function lossesOfStrategy(strategy: StrategyName): LossName[] {
  return lossNames.filter((loss) => strategiesOfLoss[loss].includes(strategy));
}

/** Throws a `configuration` LabError that lists what fits if the strategy cannot feed the loss. */
export function checkCompatible(loss: LossName, strategy: StrategyName): void {
  if (strategiesOfLoss[loss].includes(strategy)) return;
  throw new ConfigurationError(
    ['loss_type', 'batch_transform'],
    `loss_type "${loss}" does not support batch_transform "${strategy}".`,
    `Set batch_transform to ${orList(strategiesOfLoss[loss])}, or loss_type to ${orList(lossesOfStrategy(strategy))}.`,
  );
}

export type LossChoice = { [N in LossName]: { name: N; parameters: LossParameters[N] } }[LossName];
export type StrategyChoice = { [N in StrategyName]: { name: N; parameters: StrategyParameters[N] } }[StrategyName];

export interface Recipe {
  readonly loss: LossChoice;
  readonly strategy: StrategyChoice;
}

// --- Parametrised loss names --------------------------------------------------------------------

interface NameOption {
  readonly prefix: string;
  readonly apply: (value: number) => Record<string, unknown>;
}

const temperatureOption: NameOption = { prefix: 't', apply: (temperature) => ({ temperature }) };

const parametrisedNames: Partial<Record<LossName, { base: Record<string, unknown>; options: NameOption[] }>> = {
  rank_infonce: {
    base: { use_ranks: false, use_scores: false },
    options: [
      { prefix: 'rank', apply: (rank_weight) => ({ use_ranks: true, rank_weight }) },
      { prefix: 'score', apply: (score_weight) => ({ use_scores: true, score_weight }) },
      temperatureOption,
    ],
  },
  relaxed_hard_neg: {
    base: {},
    options: [{ prefix: 'p', apply: (hard_neg_target_prob) => ({ hard_neg_target_prob }) }, temperatureOption],
  },
};

/**
 * Parses a loss name, plain (`triplet`) or with parameters (`rank_infonce_rank0.1_score0.05_t0.2`,
 * `relaxed_hard_neg_p0.2_t0.1`).
 */
export function parseLossName(text: string): { name: LossName; parameters: Record<string, unknown> } {
  if (isLossName(text)) return { name: text, parameters: {} };
  for (const name of Object.keys(parametrisedNames) as LossName[]) {
    if (text.startsWith(`${name}_`)) return { name, parameters: parseNameOptions(text, name) };
  }
  throw new ConfigurationError(
    ['loss_type'],
    `loss_type "${text}" is not a loss.`,
    `Losses: ${lossNames.join(', ')}; or with parameters, such as rank_infonce_rank0.1_score0.05_t0.2 and relaxed_hard_neg_p0.2_t0.1.`,
  );
}

function parseNameOptions(text: string, name: LossName): Record<string, unknown> {
  const { base, options } = parametrisedNames[name]!;
  const parameters = { ...base };
  for (const part of text.slice(name.length + 1).split('_')) {
    const option = options.find(({ prefix }) => new RegExp(`^${prefix}\\d+(\\.\\d+)?(e-?\\d+)?$`).test(part));
    if (!option) {
      throw new ConfigurationError(
        ['loss_type'],
        `loss_type "${text}": "${part}" is not a parameter of ${name}.`,
        `Expected parts: ${options.map(({ prefix }) => `${prefix}<number>`).join(', ')}.`,
      );
    }
    Object.assign(parameters, option.apply(Number(part.slice(option.prefix.length))));
  }
  return parameters;
}

function isLossName(text: string): text is LossName {
  return Object.hasOwn(lossParameters, text);
}

function orList(items: readonly string[]): string {
  const quoted = items.map((item) => `"${item}"`);
  return quoted.length === 1 ? quoted[0]! : `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1)}`;
}
