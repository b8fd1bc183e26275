import type { Configuration } from './configuration.ts';
import type { ErrorCode } from './errors.ts';
import type { TrainerEvent } from './events.ts';

/** What the history holds, as its readers see it. Times are ISO 8601 in UTC, durations seconds. */

export const runStates = ['queued', 'running', 'finished', 'stopped', 'failed', 'interrupted'] as const;
/**
 * `stopped` was asked for; `interrupted` is a run whose process, device or disk failed, or that was not started because
 * one before it was interrupted. Both can be resumed.
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
  /** Of its runs, what most wants attention: running, failed, interrupted, stopped, queued, finished. */
  readonly state: RunState;
}

export interface NewRun {
  /** Id of the experiment. */
  readonly experiment: string;
  /** What a run is, recipe and seed included. */
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
  /** Short and readable, as `k3f9-infonce`; the beginning of it is enough where it is unique. */
  readonly id: string;
  readonly name: string;
  readonly recipe: Configuration['recipe'];
  readonly seed: number;
  readonly dataset: NewExperiment['dataset'];
  readonly state: RunState;
  /** Left out on request: it is not taken up again. */
  readonly skipped: boolean;
  readonly created: string;
  readonly started: string | null;
  readonly ended: string | null;
  /** Null until training has started. */
  readonly start: RunStart | null;
  /** The last step that was recorded. */
  readonly steps_done: number;
  /** So far, evaluation not counted. */
  readonly training_seconds: number;
  /** Known once finished. */
  readonly peak_memory_bytes: number | null;
  /** Folder of the finished encoder. */
  readonly encoder: string | null;
  /** What it failed of, or was interrupted by, where that is known. */
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
  /** One value per question; NaN where the metric does not apply to it. */
  readonly values: Float32Array;
}

export interface RecordedEvent {
  /** 1, 2, … within a run. */
  readonly seq: number;
  readonly time: string;
  readonly event: Exclude<TrainerEvent, { type: 'step' | 'evaluation' | 'phase' }>;
}
