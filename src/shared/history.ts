import type { Configuration } from './configuration.ts';
import type { ErrorCode } from './errors.ts';
import type { TrainerEvent } from './events.ts';

/** The content of the history for its readers. Times are ISO 8601 in UTC, durations are seconds. */

export const runStates = ['queued', 'running', 'finished', 'stopped', 'failed', 'interrupted'] as const;
/**
 * `stopped`: stopped on request. `interrupted`: process, device or disk failed, or the run was not started because an
 * earlier one was interrupted. Both can be resumed.
 */
export type RunState = (typeof runStates)[number];

type StartedEvent = Extract<TrainerEvent, { type: 'started' }>;

/** The part of a configuration that all runs of an experiment share. */
export type SharedConfiguration = Pick<Configuration, 'data_path' | 'limit' | 'test_size' | 'encoder' | 'training'>;

export interface NewExperiment {
  readonly name: string;
  readonly dataset: { readonly name: string; readonly hash: string };
  readonly configuration: SharedConfiguration;
}

export interface Experiment extends NewExperiment {
  readonly id: string;
  readonly created: string;
  /** The state among its runs that needs most attention: running, failed, interrupted, stopped, queued, finished. */
  readonly state: RunState;
}

export interface NewRun {
  /** Id of the experiment. */
  readonly experiment: string;
  /** The full configuration of a run, including recipe and seed. */
  readonly configuration: Configuration;
}

/** What the training process found when it started. */
export type RunStart = Pick<
  StartedEvent,
  | 'device'
  | 'device_reason'
  | 'parameters'
  | 'steps'
  | 'steps_per_epoch'
  | 'train_questions'
  | 'test_questions'
  | 'hashes'
>;
export type RunHashes = StartedEvent['hashes'];

export interface RunFailure {
  readonly code: ErrorCode | 'internal';
  readonly message: string;
  readonly fix: string;
}

export interface Run extends NewRun {
  /** Short and readable, such as `k3f9-infonce`; a unique prefix is enough. */
  readonly id: string;
  readonly name: string;
  readonly recipe: Configuration['recipe'];
  readonly seed: number;
  readonly dataset: NewExperiment['dataset'];
  readonly state: RunState;
  /** Skipped on request: it is not trained any more. */
  readonly skipped: boolean;
  readonly created: string;
  readonly started: string | null;
  readonly ended: string | null;
  /** Null until training has started. */
  readonly start: RunStart | null;
  /** The last stored step. */
  readonly steps_done: number;
  /** So far, without evaluation. */
  readonly training_seconds: number;
  /** Known once finished. */
  readonly peak_memory_bytes: number | null;
  /** Folder of the finished encoder. */
  readonly encoder: string | null;
  /** Why it failed or was interrupted, if known. */
  readonly failure: RunFailure | null;
}

export interface RunFilter {
  /** Id of an experiment. */
  readonly experiment?: string;
  readonly states?: readonly RunState[];
}

export interface StepValue {
  readonly step: number;
  /** May be NaN or infinite. */
  readonly value: number;
}

export interface Evaluation {
  /** 0 is the untrained encoder. */
  readonly step: number;
  readonly epoch: number;
  readonly seconds: number;
  readonly training_seconds: number;
  readonly metrics: Readonly<Record<string, number>>;
}

export interface QueryResults {
  readonly question_ids: readonly string[];
  /** One value per question; NaN if the metric does not apply to it. */
  readonly values: Float32Array;
}

export interface RecordedEvent {
  /** 1, 2, … within a run. */
  readonly seq: number;
  readonly time: string;
  readonly event: Exclude<TrainerEvent, { type: 'step' | 'evaluation' | 'phase' }>;
}
