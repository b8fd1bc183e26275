import { z } from 'zod';
import { diagnostics } from './diagnostics.ts';
import { errorCodes } from './errors.ts';
import { healthKinds } from './health.ts';
import { evaluatedSplits } from './split.ts';

/**
 * The events that a training process sends to its owner, in order. Durations are seconds of a monotonic clock. Losses
 * and metrics may be NaN or infinite and are sent unchanged.
 */

/** Includes NaN and infinities, which JSON does not support: events are sent by structured clone. */
const figure = z.number().or(z.nan()).or(z.literal(Infinity)).or(z.literal(-Infinity));
const figures = z.record(z.string(), figure);
const common = { run: z.string() };

export const stepEvent = z.object({
  ...common,
  type: z.literal('step'),
  /** 1 for the first optimiser update. */
  step: z.int(),
  epoch: z.int(),
  loss: figure,
  /** Batch metrics of the loss, by name: `acc`, `groups`, `ndcg`, … */
  metrics: figures,
  /** L2 norm of all gradients before clipping. */
  gradient_norm: figure,
  learning_rate: z.number(),
  /** Questions and answers seen so far, duplicates counted. */
  documents: z.int(),
  documents_per_step: z.number(),
  /** Tokens encoded in this step, without padding. */
  tokens: z.int(),
  step_seconds: z.number(),
  /** Training time so far, without evaluation. */
  training_seconds: z.number(),
});

export const evaluationEvent = z.object({
  ...common,
  type: z.literal('evaluation'),
  /** The questions of the run that were used. */
  split: z.enum(evaluatedSplits),
  /** 0 is the untrained encoder. */
  step: z.int(),
  epoch: z.int(),
  metrics: figures,
  /** Metric values per question, by metric; the questions' ids in the same order. */
  per_query: z.object({
    question_ids: z.array(z.string()),
    values: z.record(
      z.string(),
      z.custom<Float32Array>((value) => value instanceof Float32Array),
    ),
  }),
  /** Diagnostics of the embeddings; runs of older versions have none. */
  diagnostics: diagnostics.optional(),
  seconds: z.number(),
  training_seconds: z.number(),
});

/** A problem of a run that continues: once per kind and run. */
export const healthEvent = z.object({
  ...common,
  type: z.literal('health'),
  step: z.int(),
  kind: z.enum(healthKinds),
  /** What was found, with its figures, and what to try. */
  message: z.string(),
  fix: z.string(),
});

/** Why a run ended early, as text. */
const cause = { code: z.enum([...errorCodes, 'internal']), message: z.string(), fix: z.string() };

export const trainerEvent = z.discriminatedUnion('type', [
  z.object({
    ...common,
    type: z.literal('started'),
    device: z.enum(['cpu', 'webgpu']),
    device_reason: z.string(),
    parameters: z.int(),
    steps: z.int(),
    steps_per_epoch: z.int(),
    /** Must be equal for two runs to be comparable. */
    hashes: z.object({
      dataset: z.string(),
      split: z.string(),
      plan: z.string(),
      weights: z.string(),
      tokenizer: z.string(),
    }),
    /** 0 unless resumed from a checkpoint. */
    resumed_at: z.int(),
    train_questions: z.int(),
    test_questions: z.int(),
  }),
  z.object({ ...common, type: z.literal('phase'), phase: z.string(), done: z.number(), total: z.number() }),
  z.object({ ...common, type: z.literal('notice'), message: z.string() }),
  stepEvent,
  evaluationEvent,
  healthEvent,
  z.object({ ...common, type: z.literal('checkpoint'), step: z.int(), file: z.string() }),
  z.object({
    ...common,
    type: z.literal('finished'),
    step: z.int(),
    training_seconds: z.number(),
    /** Folder of the finished encoder. */
    encoder: z.string(),
    peak_memory_bytes: z.number(),
  }),
  /** Stopped on request, after a checkpoint; the run can be resumed. */
  z.object({ ...common, type: z.literal('stopped'), step: z.int() }),
  /** The device or the process failed; the run can be resumed. */
  z.object({ ...common, type: z.literal('interrupted'), step: z.int(), ...cause }),
  z.object({ ...common, type: z.literal('failed'), step: z.int(), ...cause }),
]);

export type TrainerEvent = z.output<typeof trainerEvent>;
export type StepEvent = z.output<typeof stepEvent>;
export type EvaluationEvent = z.output<typeof evaluationEvent>;
export type HealthEvent = z.output<typeof healthEvent>;
