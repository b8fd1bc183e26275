import { z } from 'zod';
import type { ParameterDescription } from '../../../shared/contract/contract.ts';
import { lossParameters, strategyParameters, type LossName, type StrategyName } from '../../../shared/recipe.ts';

/**
 * What a form needs to know of each parameter of a loss or strategy. Kind, default and range come
 * from the schema that checks it (shared/recipe.ts); words and the step of a form's arrows are here.
 */

type KeyOf<Schemas extends Record<string, z.ZodObject>> = {
  [N in keyof Schemas]: keyof Schemas[N]['shape'];
}[keyof Schemas];
export type ParameterKey = KeyOf<typeof lossParameters> | KeyOf<typeof strategyParameters>;

interface ParameterWords {
  readonly title: string;
  readonly help: string;
  /** Of numbers: what one press of an arrow changes. */
  readonly step?: number;
  /** Of choices: a title for each value. */
  readonly choices?: Readonly<Record<string, string>>;
}

export const parameterWords: { readonly [K in ParameterKey]: ParameterWords } = {
  temperature: {
    title: 'Temperature',
    help: 'Similarities are divided by it. A lower one makes the loss care most about the closest wrong answers.',
    step: 0.01,
  },
  learn_temperature: {
    title: 'Learn the temperature',
    help: 'The temperature is trained with the encoder and begins where it is set; it stays at 0.01 or above.',
  },
  matryoshka_dimensions: {
    title: 'Matryoshka lengths',
    help: 'The loss is taken of embeddings cut to so many numbers, too, so that short ones are useful. Lengths between commas, as 256, 128, 64; empty: the full length alone.',
  },
  use_ranks: { title: 'Weight by rank', help: 'A better-ranked answer counts more than those below it.' },
  use_scores: { title: 'Weight by votes', help: 'An answer with more votes counts more.' },
  rank_weight: {
    title: 'Rank weight',
    help: 'How fast an answer loses weight with each rank; 0 makes all ranks equal.',
    step: 0.05,
  },
  score_weight: {
    title: 'Vote weight',
    help: 'How much votes add to the weight of an answer; 0 ignores them.',
    step: 0.01,
  },
  hard_negative_weight: {
    title: 'Hard negative weight',
    help: 'How strongly a question is pushed away from its other answers; 0 does not push.',
    step: 0.1,
  },
  hard_neg_target_prob: {
    title: 'Share for other answers',
    help: "The part of the target that is left to a question's other answers: 0 calls them all wrong.",
    step: 0.05,
  },
  margin: {
    title: 'Margin',
    help: 'How much closer the right answer must be than the wrong one before the loss is satisfied.',
    step: 0.05,
  },
  soft_margin: {
    title: 'Soft margin',
    help: 'A smooth bend instead of a margin: every triplet teaches something, the more the worse it is.',
  },
  mining: {
    title: 'Wrong answers',
    help: 'Which answers of other questions a question must keep away from.',
    choices: {
      hardest: 'the nearest of them',
      semi_hard: 'the nearest of those that are farther than the right answer',
      all: 'all of them',
    },
  },
  hardness: {
    title: 'Hardness',
    help: 'How much more the nearest wrong answers count than distant ones; 0 treats all alike.',
    step: 0.5,
  },
  normalize: {
    title: 'Scale votes',
    help: 'Scale votes to 0…1 within each question, so that popular questions do not dominate.',
  },
  take_top: {
    title: 'Always the best answer',
    help: 'The best answer of each question; off, a random one in every step.',
  },
  pos_count: { title: 'Answers per question', help: 'At most so many answers of a question, best first.', step: 1 },
  neg_strategy: {
    title: 'Wrong answer from',
    help: 'Where the answer that must be farther away comes from.',
    choices: {
      hard_negative: 'the same question: its lowest-ranked answer',
      in_batch: 'another question of the batch',
      mixed: 'one or the other, half of the time each',
    },
  },
  max_answers: { title: 'Answers per list', help: 'At most so many answers of a question, best first.', step: 1 },
};

export function parametersOfLoss(name: LossName): ParameterDescription[] {
  return describeParameters(lossParameters[name]);
}

export function parametersOfStrategy(name: StrategyName): ParameterDescription[] {
  return describeParameters(strategyParameters[name]);
}

function describeParameters(schema: z.ZodObject): ParameterDescription[] {
  const { properties = {} } = z.toJSONSchema(schema, { io: 'input' });
  return Object.entries(properties).map(([key, property]) =>
    describeParameter(key as ParameterKey, property as z.core.JSONSchema.JSONSchema),
  );
}

function describeParameter(key: ParameterKey, property: z.core.JSONSchema.JSONSchema): ParameterDescription {
  const { title, help, step, choices } = parameterWords[key];
  const common = { key, title, help };
  switch (property.type) {
    case 'boolean':
      return { ...common, kind: 'boolean', default: (property.default ?? false) as boolean };
    case 'string':
      return {
        ...common,
        kind: 'choice',
        default: property.default as string,
        choices: property.enum!.map((value) => ({ value: value as string, title: choices![value as string]! })),
      };
    case 'array':
      return {
        ...common,
        kind: 'numbers',
        default: [],
        minimum: (property.items as z.core.JSONSchema.JSONSchema).minimum!,
      };
    case 'number':
    case 'integer':
      return {
        ...common,
        kind: 'number',
        default: property.default as number,
        ...rangeOf(property),
        integer: property.type === 'integer',
        step: step!,
      };
    default:
      throw new Error(`"${key}" has a type that no form can show: ${String(property.type)}.`);
  }
}

function rangeOf({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: z.core.JSONSchema.JSONSchema) {
  const highest = maximum ?? (exclusiveMaximum as number | undefined) ?? Infinity;
  return {
    minimum: minimum ?? (exclusiveMinimum as number),
    exclusiveMinimum: minimum === undefined,
    // Whole numbers always have an upper limit in a schema: the largest that is exact.
    maximum: highest < Number.MAX_SAFE_INTEGER ? highest : null,
    exclusiveMaximum: maximum === undefined && exclusiveMaximum !== undefined,
  };
}
