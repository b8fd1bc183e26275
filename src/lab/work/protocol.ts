import type { Progress } from '../../shared/progress.ts';
import type { PackedFailure } from './failure.ts';

/** What a worker and its owner say to each other. Jobs have numbers of the owner's. */
export type ToWorker =
  /** First of all: the task that this worker does. */
  | { readonly type: 'open'; readonly task: string; readonly setup: unknown }
  | { readonly type: 'run'; readonly job: number; readonly input: unknown }
  | { readonly type: 'order'; readonly job: number; readonly order: unknown }
  | { readonly type: 'cancel'; readonly job: number }
  | { readonly type: 'confirmed'; readonly job: number; readonly number: number };

export type FromWorker =
  | { readonly type: 'progress'; readonly job: number; readonly progress: Progress }
  | { readonly type: 'event'; readonly job: number; readonly event: unknown }
  /** Asks for `confirmed` once all events so far are taken in. */
  | { readonly type: 'confirm'; readonly job: number; readonly number: number }
  /** The last of a job. */
  | { readonly type: 'result'; readonly job: number; readonly result: unknown }
  | { readonly type: 'failed'; readonly job: number; readonly failure: PackedFailure }
  /** Resident memory of a process, once a second. */
  | { readonly type: 'memory'; readonly bytes: number };
