import { z } from 'zod';
import { ConfigurationError } from './error.ts';
import type { Section } from './setting.ts';

/** What configurations of the original script say and nothing else here does: keys that are accepted and leave nothing behind. */

const key = {
  group: 'original',
  control: 'own',
  stored: false,
  differing: 'nothing',
  withinExperiment: 'free',
} as const;

export const legacyKeys = {
  dataset_strategy: {
    ...key,
    schema: z.enum(['standard', 'flexible']),
    default: 'flexible',
    title: 'Dataset strategy',
    help: 'No effect, as in the original: `batch_transform` chooses the strategy.',
  },
  use_fixed_evaluation: {
    ...key,
    schema: z.boolean(),
    default: true,
    title: 'Fixed evaluation',
    help: 'No effect, as in the original: there is one evaluation.',
  },
  log_to_wandb: {
    ...key,
    schema: z.boolean(),
    default: false,
    title: 'Log to W&B',
    help: 'Accepted, but LossLab does not send data to W&B. `true` shows a notice.',
  },
  wandb_project: {
    ...key,
    schema: z.string(),
    default: '',
    title: 'W&B project',
    help: 'No effect.',
  },
  debug_output: {
    ...key,
    schema: z.boolean(),
    default: false,
    title: 'Debug output',
    help: 'No effect: every figure of an evaluation is stored (`losslab show`).',
  },
  debug: {
    ...key,
    schema: z.boolean(),
    default: false,
    title: 'Debug',
    help: 'At most 50 questions, batches of 4 and 2 epochs; smaller values stay.',
  },
} satisfies Section;

interface LimitedByDebug {
  readonly limit: number | null;
  readonly batch_size: number;
  readonly epochs: number;
}

/** The smaller run that `debug` asks for. */
export function limitedByDebug({ limit, batch_size, epochs }: LimitedByDebug): LimitedByDebug {
  return {
    limit: Math.min(limit ?? Infinity, 50),
    batch_size: Math.min(batch_size, 4),
    epochs: Math.min(epochs, 2),
  };
}

/** What the user should know about keys that are accepted and do nothing. */
export function legacyNotices({ log_to_wandb }: { readonly log_to_wandb?: boolean | undefined }): string[] {
  return log_to_wandb
    ? ['log_to_wandb: LossLab stores every run in its history (losslab runs) and does not send data to W&B.']
    : [];
}

/** The original hands `hard_negative_weight` to `relaxed_hard_neg` as its target probability. */
export function targetProbability(weight: number): number {
  if (weight < 1) return weight;
  throw new ConfigurationError(
    ['hard_negative_weight'],
    `hard_negative_weight ${weight} is the target probability of relaxed_hard_neg, which must be at least 0 and below 1.`,
    'Set hard_neg_target_prob, for example to 0.1.',
  );
}
