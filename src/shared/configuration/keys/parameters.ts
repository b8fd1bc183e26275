import { z } from 'zod';
import type { Section } from '../setting.ts';

/** Parameters of strategies and losses. `recipe.ts` declares which of them each has, with its default. */

/** They are what is compared: runs may differ in them. */
const parameter = { perRecipe: true, differing: 'nothing', withinExperiment: 'free' } as const;
const weight = z.number().min(0);

export const strategyParameterKeys = {
  take_top: {
    ...parameter,
    schema: z.boolean(),
    group: 'strategy',
    title: 'Always the best answer',
    help: 'On: the best answer of each question. Off: a random answer in every step.',
  },
  pos_count: {
    ...parameter,
    schema: z.int().min(1),
    group: 'strategy',
    title: 'Answers per question',
    help: 'At most N answers of a question, best first.',
    step: 1,
  },
  neg_strategy: {
    ...parameter,
    schema: z.enum(['hard_negative', 'in_batch', 'mixed']),
    group: 'strategy',
    title: 'Source of the wrong answer',
    help: 'Where the answer that must be farther away comes from.',
    choices: {
      hard_negative: 'the same question: its lowest-ranked answer',
      in_batch: 'another question of the batch',
      mixed: 'either of them, each half of the time',
    },
  },
  max_answers: {
    ...parameter,
    schema: z.int().min(2),
    group: 'strategy',
    title: 'Answers per list',
    help: 'At most N answers of a question, best first.',
    step: 1,
  },
} satisfies Section;

export const lossParameterKeys = {
  temperature: {
    ...parameter,
    schema: z.number().positive(),
    group: 'loss',
    title: 'Temperature',
    help: 'The loss divides similarities by it. A lower temperature gives the closest wrong answers more weight.',
    step: 0.01,
  },
  learn_temperature: {
    ...parameter,
    schema: z.boolean(),
    group: 'loss',
    title: 'Learn the temperature',
    help: 'The temperature is trained with the encoder. It starts at `temperature`, and stays at 0.01 or above.',
  },
  matryoshka_dimensions: {
    ...parameter,
    schema: z.array(z.int().min(1)).min(1),
    group: 'loss',
    title: 'Matryoshka lengths',
    help: 'The loss is also computed on embeddings cut to these lengths, so that short embeddings are useful. Separate lengths with commas: 256, 128, 64. Without lengths: only the full length.',
    details: 'At most the length of an embedding. On the command line: `--set matryoshka_dimensions=[256,128,64]`.',
  },
  margin: {
    ...parameter,
    schema: z.number().min(0),
    group: 'loss',
    title: 'Margin',
    help: 'How much closer the right answer must be than the wrong one for the loss to be zero.',
    step: 0.05,
  },
  soft_margin: {
    ...parameter,
    schema: z.boolean(),
    group: 'loss',
    title: 'Soft margin',
    help: 'A smooth curve instead of a margin: every triplet has a gradient, and worse triplets have a larger one.',
  },
  mining: {
    ...parameter,
    schema: z.enum(['hardest', 'semi_hard', 'all']),
    group: 'loss',
    title: 'Wrong answers',
    help: 'Which answers of other questions the loss pushes away from a question.',
    choices: {
      hardest: 'the nearest of them',
      semi_hard: 'the nearest of those that are farther than the right answer',
      all: 'all of them',
    },
  },
  hardness: {
    ...parameter,
    schema: weight,
    group: 'loss',
    title: 'Hardness',
    help: 'How much more the nearest wrong answers count than distant ones; 0 treats all alike.',
    step: 0.5,
  },
  normalize: {
    ...parameter,
    schema: z.boolean(),
    group: 'loss',
    title: 'Scale votes',
    help: 'Scale votes to 0…1 within each question, so that popular questions do not dominate.',
  },
  use_ranks: {
    ...parameter,
    schema: z.boolean(),
    group: 'loss',
    title: 'Weight by rank',
    help: 'A better-ranked answer counts more than those below it.',
  },
  use_scores: {
    ...parameter,
    schema: z.boolean(),
    group: 'loss',
    title: 'Weight by votes',
    help: 'An answer with more votes counts more.',
  },
  rank_weight: {
    ...parameter,
    schema: weight,
    group: 'loss',
    title: 'Rank weight',
    help: 'How fast an answer loses weight with each rank; 0 makes all ranks equal.',
    step: 0.05,
  },
  score_weight: {
    ...parameter,
    schema: weight,
    group: 'loss',
    title: 'Vote weight',
    help: 'How much votes add to the weight of an answer; 0 ignores them.',
    step: 0.01,
  },
  hard_negative_weight: {
    ...parameter,
    schema: weight,
    group: 'loss',
    title: 'Hard negative weight',
    help: 'How strongly the loss pushes a question away from its other answers; 0 switches this off.',
    details:
      'With `relaxed_hard_neg` and no `hard_neg_target_prob` it is the target probability, as in the original script; 1 or more is then an error.',
    step: 0.1,
  },
  hard_neg_target_prob: {
    ...parameter,
    schema: z.number().min(0).lt(1),
    group: 'loss',
    title: 'Share for other answers',
    help: 'The share of the target probability for the other answers to a question. 0 treats them all as wrong.',
    step: 0.05,
  },
} satisfies Section;

export const parameterKeys = { ...strategyParameterKeys, ...lossParameterKeys };

export type ParameterKey = keyof typeof parameterKeys;
