import { z } from 'zod';
import { LabError } from './errors.ts';
import { falseNegativePolicies, falseNegativePolicy, type FalseNegativePolicy } from './falseNegatives.ts';
import { fineTuningShape, resolveFineTuning, type FineTuning } from './fineTuning.ts';
import { isNestedTooDeep } from './json.ts';
import {
  checkCompatible,
  defaultLossOfStrategy,
  lossParameters,
  lowestLearnedTemperature,
  minings,
  negativeStrategies,
  parseLossName,
  strategiesOfLoss,
  strategyNames,
  strategyParameters,
  type LossChoice,
  type LossName,
  type Recipe,
  type StrategyChoice,
  type StrategyName,
} from './recipe.ts';
import { safeParse } from './safeParse.ts';

/**
 * The flat snake_case configuration of one run: what a person writes (`RawConfiguration`, every key
 * optional) and what the lab works with (`Configuration`, every value decided).
 */

const positiveInteger = z.int().min(1);
const fraction = z.number().gt(0).lt(1);

const rawConfiguration = z.strictObject({
  name: z.string().min(1).nullable(),

  // Data
  data_path: z.string().min(1),
  limit: positiveInteger.nullable(),
  test_size: fraction,
  seed: z.int().min(0),
  split_seed: z.int().min(0).nullable(),
  force_regenerate: z.boolean(),

  // Encoder
  encoder: z.string().min(1),
  tokenizer: z.string().min(1).nullable(),
  vocabulary_size: z.int().min(200).max(200_000),
  max_length: z.int().min(8).max(8192),
  embed_dim: positiveInteger,
  projection_dim: positiveInteger.nullable(),
  n_layers: positiveInteger,
  n_heads: positiveInteger,
  hidden_dim: positiveInteger,
  pooling: z.enum(['cls', 'mean']),
  dropout: z.number().min(0).lt(1),

  // Training
  device: z.enum(['auto', 'cpu', 'webgpu']),
  batch_size: z.int().min(2),
  epochs: positiveInteger,
  max_minutes: z.number().positive().nullable(),
  learning_rate: z.number().positive(),
  schedule: z.enum(['constant', 'linear', 'cosine']),
  warmup_steps: z.int().min(0),
  weight_decay: z.number().min(0),
  max_gradient_norm: z.number().positive().nullable(),
  ...fineTuningShape,
  false_negatives: z.enum(falseNegativePolicies),
  checkpoint_interval: positiveInteger,
  eval_steps: positiveInteger.nullable(),
  eval_at_zero: z.boolean(),
  debug: z.boolean(),

  // Output
  output_dir: z.string().min(1).nullable(),
  log_to_wandb: z.boolean(),
  wandb_project: z.string(),
  use_fixed_evaluation: z.literal(true, 'only true: the evaluation it turned off miscounted hard negatives'),

  // Strategy
  dataset_strategy: z.literal('flexible', 'only "flexible": the strategy is chosen with batch_transform'),
  batch_transform: z.enum(strategyNames),
  take_top: z.boolean(),
  pos_count: positiveInteger,
  neg_strategy: z.enum(negativeStrategies),
  max_answers: z.int().min(2),

  // Loss
  loss_type: z.string().min(1).nullable(),
  temperature: z.number().positive(),
  learn_temperature: z.boolean(),
  matryoshka_dimensions: z.array(positiveInteger).min(1),
  margin: z.number().min(0),
  soft_margin: z.boolean(),
  mining: z.enum(minings),
  hardness: z.number().min(0),
  normalize: z.boolean(),
  use_ranks: z.boolean(),
  use_scores: z.boolean(),
  rank_weight: z.number().min(0),
  score_weight: z.number().min(0),
  hard_negative_weight: z.number().min(0),
  hard_neg_target_prob: z.number().min(0).lt(1),
});

export const configurationKeys = Object.keys(rawConfiguration.shape) as (keyof typeof rawConfiguration.shape)[];
const partialConfiguration = rawConfiguration.partial();

/** What a configuration file holds; every key may be absent. */
export type RawConfiguration = z.output<typeof partialConfiguration>;

/** Architectures made from random weights; any other `encoder` names weights: a folder, or `hf:repository@revision`. */
export const encoderNames = ['static', 'mini', 'distilbert'] as const;
export type EncoderName = (typeof encoderNames)[number];
export type EncoderKind = EncoderName | 'pretrained';

/** What an encoder is made of. */
export interface EncoderShape {
  readonly embed_dim: number;
  readonly n_layers: number;
  readonly n_heads: number;
  readonly hidden_dim: number;
  readonly pooling: 'cls' | 'mean';
  /** Length of an embedding behind a linear projection; null for none. */
  readonly projection_dim: number | null;
}

interface EncoderDefaults extends EncoderShape {
  readonly projection_dim: number;
  readonly max_length: number;
  readonly dropout: number;
  readonly learning_rate: number;
}

/** Where the original names a value for DistilBERT it is kept; the others were tried on real sites. */
export const encoderDefaults: Record<EncoderName, EncoderDefaults> = {
  static: {
    embed_dim: 1024,
    projection_dim: 1024,
    max_length: 512,
    n_layers: 0,
    n_heads: 0,
    hidden_dim: 0,
    pooling: 'mean',
    dropout: 0,
    learning_rate: 0.001,
  },
  mini: {
    embed_dim: 128,
    projection_dim: 128,
    max_length: 128,
    n_layers: 2,
    n_heads: 4,
    hidden_dim: 512,
    pooling: 'mean',
    dropout: 0,
    learning_rate: 0.0005,
  },
  distilbert: {
    embed_dim: 768,
    projection_dim: 128,
    max_length: 128,
    n_layers: 6,
    n_heads: 12,
    hidden_dim: 3072,
    pooling: 'cls',
    dropout: 0.1,
    learning_rate: 0.00002,
  },
};

/** For weights from files, which decide everything else. */
export const pretrainedDefaults = { max_length: 128, dropout: 0.1, learning_rate: 0.00002 } as const;

const transformerKeys = ['n_layers', 'n_heads', 'hidden_dim'] as const;
/** What files of weights know better than any default. */
export const keysOfFiles = ['embed_dim', ...transformerKeys, 'pooling', 'projection_dim', 'max_length'] as const;

interface EncoderSettings {
  readonly tokenizer: string | null;
  readonly vocabulary_size: number;
  readonly max_length: number;
  readonly dropout: number;
}

/** An encoder that begins at random. */
export interface UntrainedConfiguration extends EncoderSettings, EncoderShape {
  readonly kind: EncoderName;
  /** Null; in runs from before there was `pretrained`, the folder of weights of the DistilBERT architecture. */
  readonly folder: string | null;
}

/** An encoder that begins with weights from files. What only the files know is absent until the lab has read them. */
export interface PretrainedConfiguration extends EncoderSettings, Partial<EncoderShape> {
  readonly kind: 'pretrained';
  /** What `encoder` names: a folder, or `hf:repository@revision`. */
  readonly source: string;
  /** Folder with config.json and the weights; null until the lab has found out where a repository is stored. */
  readonly folder: string | null;
  /** The keys among those that the files decide which the configuration itself names. */
  readonly explicit: readonly string[];
}

export type EncoderConfiguration = UntrainedConfiguration | PretrainedConfiguration;

/** Runs that were set up before there were keys for fine-tuning have none of them: see `withFineTuning`. */
export interface TrainingConfiguration extends Partial<FineTuning> {
  readonly device: 'auto' | 'cpu' | 'webgpu';
  readonly batch_size: number;
  readonly epochs: number;
  /** Minutes of training, evaluation not counted, after which a run ends; null for all its epochs. */
  readonly max_minutes: number | null;
  readonly learning_rate: number;
  readonly schedule: 'constant' | 'linear' | 'cosine';
  readonly warmup_steps: number;
  readonly weight_decay: number;
  readonly max_gradient_norm: number | null;
  /** Absent from runs of before there was a choice: see `falseNegativePolicy`. */
  readonly false_negatives?: FalseNegativePolicy;
  readonly checkpoint_interval: number;
  readonly eval_steps: number | null;
  readonly eval_at_zero: boolean;
}

export interface Configuration {
  readonly name: string;
  readonly data_path: string | null;
  readonly limit: number | null;
  readonly test_size: number;
  readonly seed: number;
  /** Of the split alone: runs with several seeds are tested on the same questions. Absent from runs of before there was one, whose split is that of `seed`. */
  readonly split_seed?: number;
  readonly force_regenerate: boolean;
  readonly output_dir: string | null;
  readonly encoder: EncoderConfiguration;
  readonly training: TrainingConfiguration;
  readonly recipe: Recipe;
  /** Things the user should know, in words: keys that are accepted and do nothing here. */
  readonly notices: readonly string[];
}

/**
 * Decides every value of a configuration. Explicit keys win over a parametrised loss name, which
 * wins over defaults. Throws a `configuration` LabError naming the key and the fix.
 */
export function resolveConfiguration(input: unknown): Configuration {
  const raw = parseRaw(input);
  const recipe = resolveRecipe(raw);
  const debug = raw.debug ?? false;
  const limit = raw.limit ?? null;
  return {
    name: raw.name ?? `${recipe.loss.name} on ${recipe.strategy.name}`,
    data_path: raw.data_path ?? null,
    limit: debug ? Math.min(limit ?? 50, 50) : limit,
    test_size: raw.test_size ?? 0.2,
    seed: raw.seed ?? 42,
    split_seed: raw.split_seed ?? raw.seed ?? 42,
    force_regenerate: raw.force_regenerate ?? false,
    output_dir: raw.output_dir ?? null,
    encoder: resolveEncoder(raw),
    training: resolveTraining(raw, debug),
    recipe,
    notices: raw.log_to_wandb
      ? ['log_to_wandb: LossLab keeps every run in its own history (losslab runs) and sends nothing to W&B.']
      : [],
  };
}

function parseRaw(input: unknown): RawConfiguration {
  if (isNestedTooDeep(input))
    throw new LabError(
      'configuration',
      'A configuration is a JSON object of keys and values; found one that is nested without end.',
    );
  const parsed = safeParse(partialConfiguration, input);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0]!;
    const near = nearestKey(key);
    throw new LabError(
      'configuration',
      `"${key}" is not a configuration key.`,
      near ? `Did you mean "${near}"?` : 'docs/configuration.md lists the keys.',
    );
  }
  const key = issue.path.join('.');
  if (!key)
    throw new LabError('configuration', `A configuration is a JSON object of keys and values: ${issue.message}.`);
  const found = inWords(
    issue.path.reduce<unknown>((value, part) => (value as Record<PropertyKey, unknown>)[part], input),
  );
  throw new LabError(
    'configuration',
    `${key}: ${issue.message}; found ${found}.`,
    `Correct ${key}, or leave it out for the default.`,
  );
}

/** A value as JSON has it, as far as it is to be read. Screens of the app can also send whole numbers that JSON does not know. */
function inWords(value: unknown): string {
  const text =
    JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? String(part) : part)) ?? String(value);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

function resolveTraining(raw: RawConfiguration, debug: boolean): TrainingConfiguration {
  const batchSize = raw.batch_size ?? 64;
  const epochs = raw.epochs ?? 5;
  const encoder = raw.encoder ?? 'static';
  return {
    device: raw.device ?? 'auto',
    batch_size: debug ? Math.min(batchSize, 4) : batchSize,
    epochs: debug ? Math.min(epochs, 2) : epochs,
    max_minutes: raw.max_minutes ?? null,
    learning_rate: raw.learning_rate ?? defaultsOf(encoder).learning_rate,
    schedule: raw.schedule ?? 'constant',
    warmup_steps: raw.warmup_steps ?? 0,
    weight_decay: raw.weight_decay ?? 0.01,
    max_gradient_norm: raw.max_gradient_norm ?? null,
    ...resolveFineTuning(raw, encoder, isEncoderName(encoder)),
    false_negatives: falseNegativePolicy(raw),
    checkpoint_interval: raw.checkpoint_interval ?? 1,
    eval_steps: raw.eval_steps ?? null,
    eval_at_zero: raw.eval_at_zero ?? true,
  };
}

function isEncoderName(encoder: string): encoder is EncoderName {
  return (encoderNames as readonly string[]).includes(encoder);
}

function defaultsOf(encoder: string): {
  readonly max_length: number;
  readonly dropout: number;
  readonly learning_rate: number;
} {
  return isEncoderName(encoder) ? encoderDefaults[encoder] : pretrainedDefaults;
}

function resolveEncoder(raw: RawConfiguration): EncoderConfiguration {
  const encoder = raw.encoder ?? 'static';
  const settings: EncoderSettings = {
    tokenizer: raw.tokenizer ?? null,
    vocabulary_size: raw.vocabulary_size ?? 8192,
    max_length: raw.max_length ?? defaultsOf(encoder).max_length,
    dropout: raw.dropout ?? defaultsOf(encoder).dropout,
  };
  return isEncoderName(encoder) ? resolveUntrained(encoder, settings, raw) : resolvePretrained(encoder, settings, raw);
}

function resolveUntrained(kind: EncoderName, settings: EncoderSettings, raw: RawConfiguration): UntrainedConfiguration {
  if (kind === 'static') requireStatic(raw);
  const defaults = encoderDefaults[kind];
  const pick = <K extends keyof EncoderShape>(key: K): EncoderShape[K] =>
    (raw[key] as EncoderShape[K] | undefined) ?? defaults[key];
  const shape: EncoderShape = {
    embed_dim: pick('embed_dim'),
    projection_dim:
      raw.projection_dim === undefined
        ? kind === 'static'
          ? pick('embed_dim')
          : defaults.projection_dim
        : raw.projection_dim,
    n_layers: pick('n_layers'),
    n_heads: pick('n_heads'),
    hidden_dim: pick('hidden_dim'),
    pooling: pick('pooling'),
  };
  if (kind !== 'static' && shape.embed_dim % shape.n_heads !== 0) {
    throw new LabError(
      'configuration',
      `embed_dim ${shape.embed_dim} is not a multiple of n_heads ${shape.n_heads}.`,
      'Choose n_heads so that each head gets the same number of dimensions.',
    );
  }
  return { kind, folder: null, ...settings, ...shape };
}

function requireStatic(raw: RawConfiguration): void {
  const inapplicable = transformerKeys.find((key) => raw[key] !== undefined);
  if (inapplicable)
    throw new LabError(
      'configuration',
      `${inapplicable} has no meaning for encoder "static", which has no layers.`,
      `Leave ${inapplicable} out, or set encoder to "mini" or "distilbert".`,
    );
  if (raw.pooling === 'cls')
    throw new LabError(
      'configuration',
      'pooling "cls" has no meaning for encoder "static": its tokens do not see each other.',
      'Set pooling to "mean" or leave it out.',
    );
  if (raw.dropout)
    throw new LabError(
      'configuration',
      'dropout has no meaning for encoder "static".',
      'Leave dropout out, or set it to 0.',
    );
}

/** Keys that the configuration names go along; the lab holds them to the files. */
function resolvePretrained(source: string, settings: EncoderSettings, raw: RawConfiguration): PretrainedConfiguration {
  const inHub = source.startsWith('hf:');
  if (!inHub && !/[\\/.]/.test(source)) {
    throw new LabError(
      'configuration',
      `encoder "${source}" is not an encoder.`,
      `Use ${encoderNames.join(', ')}, a folder with config.json and model.safetensors, as ./my-encoder, or a repository of the Hugging Face Hub, as hf:${source}.`,
    );
  }
  const named = pickDefined(raw, keysOfFiles);
  return {
    kind: 'pretrained',
    source,
    folder: inHub ? null : source,
    explicit: Object.keys(named),
    ...settings,
    ...named,
  };
}

function resolveRecipe(raw: RawConfiguration): Recipe {
  const named = raw.loss_type ? parseLossName(raw.loss_type) : null;
  const strategy = raw.batch_transform ?? (named ? strategiesOfLoss[named.name][0] : 'infonce');
  const loss = named?.name ?? defaultLossOfStrategy[strategy];
  checkCompatible(loss, strategy);
  return { loss: resolveLoss(loss, named?.parameters ?? {}, raw), strategy: resolveStrategy(strategy, raw) };
}

function resolveLoss(name: LossName, fromName: Record<string, unknown>, raw: RawConfiguration): LossChoice {
  const keys = Object.keys(lossParameters[name].shape);
  const explicit = pickDefined(raw, keys);
  if (
    name === 'relaxed_hard_neg' &&
    explicit.hard_neg_target_prob === undefined &&
    raw.hard_negative_weight !== undefined
  ) {
    // The original hands hard_negative_weight to this loss as its target probability.
    if (raw.hard_negative_weight >= 1) {
      throw new LabError(
        'configuration',
        `hard_negative_weight ${raw.hard_negative_weight} is the target probability of relaxed_hard_neg, which must be at least 0 and below 1.`,
        'Set hard_neg_target_prob, for example to 0.1.',
      );
    }
    explicit.hard_neg_target_prob = raw.hard_negative_weight;
  }
  const parameters = lossParameters[name].safeParse({ ...fromName, ...explicit });
  if (parameters.success) return withLearnableTemperature({ name, parameters: parameters.data } as LossChoice);
  // Explicit keys were checked before: what is left is what the name says.
  const { path, message } = parameters.error.issues[0]!;
  throw new LabError(
    'configuration',
    `loss_type "${raw.loss_type}": ${path.join('.')}: ${message}; found ${String(fromName[path[0] as string])}.`,
    'Correct the number in the name.',
  );
}

/** 1/τ is kept at 100 at most while it is learned. */
function withLearnableTemperature(choice: LossChoice): LossChoice {
  const { parameters } = choice;
  if (
    !('learn_temperature' in parameters) ||
    !parameters.learn_temperature ||
    parameters.temperature >= lowestLearnedTemperature
  )
    return choice;
  throw new LabError(
    'configuration',
    `temperature ${parameters.temperature} is below ${lowestLearnedTemperature}, the lowest that learn_temperature allows.`,
    `Set temperature to ${lowestLearnedTemperature} or more, or leave learn_temperature out.`,
  );
}

function resolveStrategy(name: StrategyName, raw: RawConfiguration): StrategyChoice {
  const keys = Object.keys(strategyParameters[name].shape);
  return { name, parameters: strategyParameters[name].parse(pickDefined(raw, keys)) } as StrategyChoice;
}

function pickDefined(raw: RawConfiguration, keys: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(raw).filter(([key, value]) => keys.includes(key) && value !== undefined));
}

function nearestKey(key: string): string | undefined {
  const ranked = configurationKeys
    .map((candidate) => ({ candidate, distance: editDistance(key.toLowerCase(), candidate) }))
    .sort((a, b) => a.distance - b.distance);
  return ranked[0]!.distance <= Math.max(2, key.length / 3) ? ranked[0]!.candidate : undefined;
}

/** Levenshtein distance. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[b.length]!;
}
