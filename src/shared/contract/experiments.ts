import { z } from 'zod';
import type { Configuration } from '../configuration.ts';
import type { Diagnostics } from '../diagnostics.ts';
import type { Evaluation, RecordedEvent, Run, RunHashes, RunState } from '../history.ts';

/** Experiments as screens see them: how one is set up, and how it goes. */

/** A configuration as a person writes it; the lab checks it (`experiments.check`). */
export const rawConfigurationInput = z.record(
  z.string(),
  z.unknown().refine(isStorable, 'no configuration holds such a value'),
);

/** Screens of the app can send what JSON cannot hold: whole numbers without end, and values within themselves. */
function isStorable(value: unknown): boolean {
  try {
    JSON.stringify(value);
    return true;
  } catch {
    return false;
  }
}

/**
 * An experiment that a wizard is setting up. Each recipe is a configuration's own keys (`name`,
 * `loss_type`, `batch_transform`, their parameters); `shared` holds the keys that all have in common.
 * One run is made for each recipe and seed.
 */
export const experimentDraft = z.strictObject({
  name: z.string().min(1).max(200),
  dataset: z.string().min(1),
  shared: rawConfigurationInput,
  recipes: z.array(rawConfigurationInput).min(1).max(100),
  seeds: z.array(z.int().min(0)).min(1).max(20),
});
export type ExperimentDraft = z.output<typeof experimentDraft>;

/** What is wrong with a draft. */
export interface DraftProblem {
  /** Index of the recipe it concerns; null if it concerns all. */
  readonly recipe: number | null;
  /** The field to correct: a configuration key, or a part of the draft; null if it is not known. */
  readonly key: string | null;
  readonly message: string;
  readonly fix: string;
}

/** What a rehearsal found out by preparing a draft and running a few steps of it. */
export interface Rehearsal {
  readonly device: 'cpu' | 'webgpu';
  readonly deviceReason: string;
  /** Trainable numbers of the encoder. */
  readonly parameters: number;
  readonly trainQuestions: number;
  readonly testQuestions: number;
  /** Of the first seed; equal for all its runs. */
  readonly hashes: RunHashes;
  readonly runs: readonly RehearsedRun[];
  /** One evaluation of the test split. */
  readonly evaluationSeconds: number;
  /** All runs, evaluations included. */
  readonly totalSeconds: number;
  readonly memory: RehearsedMemory;
  /** Checkpoints and encoders of all runs, once finished. */
  readonly diskBytes: number;
  readonly freeDiskBytes: number;
}

/** Of the device: on the CPU what the training process took at its largest so far, on a GPU what is expected. */
export interface RehearsedMemory {
  readonly bytes: number;
  /** Free before it; null where the system does not tell. */
  readonly availableBytes: number | null;
}

/** One recipe, with any of the seeds. */
export interface RehearsedRun {
  readonly name: string;
  readonly steps: number;
  readonly stepsPerEpoch: number;
  readonly evaluations: number;
  readonly secondsPerStep: number;
  /** Whether `secondsPerStep` was measured, or follows from another recipe's by the number of tokens. */
  readonly measured: boolean;
  /** One run, evaluations included. */
  readonly totalSeconds: number;
}

/** `running` is divided: a run may wait on request. A run that was skipped is not taken up again. */
export type RunStatus = RunState | 'paused' | 'skipped';

export interface RunView extends Omit<Run, 'state' | 'skipped'> {
  readonly status: RunStatus;
  /** What a running run does beside training steps (`Tokenising`, `Evaluating`, …), with how far it is; null in between. */
  readonly phase: { readonly name: string; readonly done: number; readonly total: number } | null;
  /** Questions and answers seen per second of training, over the last steps; null before the first. */
  readonly documentsPerSecond: number | null;
  readonly tokensPerSecond: number | null;
  /** Seconds to its end, of training and evaluation; null where that is not known. */
  readonly secondsLeft: number | null;
  /** Resident memory of its training process, while there is one. */
  readonly memoryBytes: number | null;
}

export interface ExperimentSummary {
  readonly id: string;
  readonly name: string;
  readonly created: string;
  readonly dataset: { readonly name: string; readonly hash: string };
  /** `waiting`: for another experiment to end. */
  readonly status: RunStatus | 'waiting';
  readonly tags: readonly string[];
  readonly note: string;
  readonly encoder: Configuration['encoder']['kind'];
  readonly device: 'cpu' | 'webgpu' | null;
  readonly runs: { readonly total: number; readonly finished: number; readonly failed: number };
  /** The best run by `mrr@10`, and the untrained encoder. */
  readonly best: { readonly run: string; readonly name: string; readonly value: number } | null;
  readonly baseline: number | null;
  /** Whether another program is training it: it can be watched, not controlled. */
  readonly foreign: boolean;
}

export interface ExperimentDetails extends ExperimentSummary {
  /** The draft it was made from, or that comes to its runs, for another one like it; null where it has none. */
  readonly draft: ExperimentDraft | null;
  /** In the order in which they are trained. */
  readonly runList: readonly RunView[];
}

/**
 * Curves of a run in columns, one value per step: `loss`, `gradient_norm`, `learning_rate`,
 * `documents`, `tokens`, `step_seconds`, `training_seconds`, and the loss's own batch metrics.
 * NaN stands both for a value that is not a number and for one that a step did not have.
 */
export interface StepSeries {
  readonly run: string;
  /** Ascending. */
  readonly steps: Float64Array;
  readonly columns: Readonly<Record<string, Float64Array>>;
}

export interface WatchedEvaluation extends Evaluation {
  /** Null for evaluations of versions before embeddings were diagnosed. */
  readonly diagnostics: Diagnostics | null;
}

export interface LogEntry {
  readonly run: string;
  readonly seq: number;
  readonly time: string;
  readonly event: RecordedEvent['event'];
}

/**
 * Everything about an experiment at one moment. Changes that follow have the numbers `seq` + 1,
 * `seq` + 2, …; a screen that misses one asks for everything again.
 */
export interface ExperimentSnapshot {
  readonly seq: number;
  readonly experiment: ExperimentDetails;
  readonly series: readonly StepSeries[];
  readonly evaluations: Readonly<Record<string, readonly WatchedEvaluation[]>>;
  readonly log: readonly LogEntry[];
}

/** What has happened to an experiment since the change before: at most ten a second. */
export interface ExperimentChange {
  readonly experiment: string;
  readonly seq: number;
  readonly status: ExperimentSummary['status'];
  /** The runs that have changed, as they are now. */
  readonly runs: readonly RunView[];
  /**
   * New steps only; steps at or after the first of them that a screen already has are replaced. So are
   * evaluations: a run that goes back to a checkpoint sends again the last that is still right.
   */
  readonly series: readonly StepSeries[];
  readonly evaluations: Readonly<Record<string, readonly WatchedEvaluation[]>>;
  readonly log: readonly LogEntry[];
}
