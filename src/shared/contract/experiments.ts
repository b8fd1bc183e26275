import { z } from 'zod';
import type { Configuration } from '../configuration.ts';
import type { Diagnostics } from '../diagnostics.ts';
import type { Evaluation, RecordedEvent, Run, RunHashes, RunState } from '../history.ts';

/** Types of experiments for screens: how they are set up, and their progress. */

/** A configuration as a user writes it; the lab checks it (`experiments.check`). */
export const rawConfigurationInput = z.record(
  z.string(),
  z.unknown().refine(isStorable, 'no configuration holds such a value'),
);

/** Screens of the app can send values that JSON does not support: BigInts and circular objects. */
function isStorable(value: unknown): boolean {
  try {
    JSON.stringify(value);
    return true;
  } catch {
    return false;
  }
}

/**
 * An experiment in the wizard. Each recipe is a configuration's own keys (`name`, `loss_type`, `batch_transform`, their
 * parameters); `shared` contains the keys that all have in common. There is one run for each recipe and seed.
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

/** The result of a rehearsal, which prepares a draft and runs a few steps. */
export interface Rehearsal {
  readonly device: 'cpu' | 'webgpu';
  readonly deviceReason: string;
  /** Number of trainable parameters of the encoder. */
  readonly parameters: number;
  readonly trainQuestions: number;
  readonly testQuestions: number;
  /** Hashes for the first seed; equal for all its runs. */
  readonly hashes: RunHashes;
  readonly runs: readonly RehearsedRun[];
  /** Seconds for one evaluation of the test split. */
  readonly evaluationSeconds: number;
  /** Seconds for all runs, including evaluations. */
  readonly totalSeconds: number;
  readonly memory: RehearsedMemory;
  /** Bytes of the checkpoints and encoders of all runs when finished. */
  readonly diskBytes: number;
  readonly freeDiskBytes: number;
}

/** Memory of the device: on the CPU the peak of the training process so far, on a GPU an estimate. */
export interface RehearsedMemory {
  readonly bytes: number;
  /** Memory that was free before; null if the system does not report it. */
  readonly availableBytes: number | null;
}

/** One recipe, with any seed. */
export interface RehearsedRun {
  readonly name: string;
  readonly steps: number;
  readonly stepsPerEpoch: number;
  readonly evaluations: number;
  readonly secondsPerStep: number;
  /** Whether `secondsPerStep` was measured; otherwise it is estimated from another recipe by the number of tokens. */
  readonly measured: boolean;
  /** Seconds for one run, including evaluations. */
  readonly totalSeconds: number;
}

/** States of a run for screens. `running` is split: a run may be paused. A skipped run is not trained any more. */
export type RunStatus = RunState | 'paused' | 'skipped';

export interface RunView extends Omit<Run, 'state' | 'skipped'> {
  readonly status: RunStatus;
  /**
   * What a running run does besides training steps (`Tokenising`, `Evaluating`, …), with its progress; null during
   * steps.
   */
  readonly phase: { readonly name: string; readonly done: number; readonly total: number } | null;
  /** Questions and answers seen per second of training, over the last steps; null before the first. */
  readonly documentsPerSecond: number | null;
  readonly tokensPerSecond: number | null;
  /** Estimated seconds until its end, including evaluation; null if unknown. */
  readonly secondsLeft: number | null;
  /** Resident memory of its training process, while it runs. */
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
  /** Whether another program is training it: it can be watched but not controlled. */
  readonly foreign: boolean;
}

export interface ExperimentDetails extends ExperimentSummary {
  /** The draft of the experiment, or one that gives the same runs, to duplicate it; null if there is none. */
  readonly draft: ExperimentDraft | null;
  /** In the order in which they are trained. */
  readonly runList: readonly RunView[];
}

/**
 * Curves of a run in columns, one value per step: `loss`, `gradient_norm`, `learning_rate`, `documents`, `tokens`,
 * `step_seconds`, `training_seconds`, and the loss's own batch metrics. NaN means that the value is not a number or
 * that the step has none.
 */
export interface StepSeries {
  readonly run: string;
  /** Ascending. */
  readonly steps: Float64Array;
  readonly columns: Readonly<Record<string, Float64Array>>;
}

export interface WatchedEvaluation extends Evaluation {
  /** Null for evaluations of versions without diagnostics. */
  readonly diagnostics: Diagnostics | null;
}

export interface LogEntry {
  readonly run: string;
  readonly seq: number;
  readonly time: string;
  readonly event: RecordedEvent['event'];
}

/**
 * Everything about an experiment at one moment. Changes that follow have the numbers `seq` + 1, `seq` + 2, …; a screen
 * that misses one requests everything again.
 */
export interface ExperimentSnapshot {
  readonly seq: number;
  readonly experiment: ExperimentDetails;
  readonly series: readonly StepSeries[];
  readonly evaluations: Readonly<Record<string, readonly WatchedEvaluation[]>>;
  readonly log: readonly LogEntry[];
}

/** What has changed in an experiment since the last change; at most ten a second. */
export interface ExperimentChange {
  readonly experiment: string;
  readonly seq: number;
  readonly status: ExperimentSummary['status'];
  /** The current state of the runs that have changed. */
  readonly runs: readonly RunView[];
  /**
   * Only new steps. They replace all steps of the screen from the first of them on. Evaluations work the same way:
   * after a run goes back to a checkpoint, its last valid evaluation is sent again.
   */
  readonly series: readonly StepSeries[];
  readonly evaluations: Readonly<Record<string, readonly WatchedEvaluation[]>>;
  readonly log: readonly LogEntry[];
}
