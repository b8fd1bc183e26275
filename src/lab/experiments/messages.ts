import type { GradientComparison } from '../../shared/contract/diagnostics.ts';
import type { Failure } from '../../shared/contract/messages.ts';
import type { TrainerEvent } from '../../shared/events.ts';
import type { GradientsJob } from '../diagnostics/compareGradients.ts';
import type { TrainingJob } from '../training/job.ts';
import type { RehearsalFigures, RehearsalJob } from '../training/rehearsal.ts';
import type { UntrainedEvaluation } from '../training/untrained.ts';

/** What a training process and its owner say to each other, over a channel that keeps NaN and typed arrays. */
export type MessageFromTrainer =
  | { readonly type: 'event'; readonly event: TrainerEvent }
  /** Asks to be told when all events so far are stored. */
  | { readonly type: 'flush'; readonly number: number }
  /** Resident memory of the process, once a second. */
  | { readonly type: 'memory'; readonly bytes: number };

/** What a training process says that has a task other than to train: the last message is its result or its failure. */
export type MessageFromTask<Result> =
  | { readonly type: 'progress'; readonly message: string }
  | { readonly type: 'result'; readonly result: Result }
  | { readonly type: 'taskFailed'; readonly failure: Failure };

/** A task by its type: what it is given, and what its result is. */
export interface TrainerTasks {
  readonly rehearse: { readonly job: RehearsalJob; readonly result: RehearsalFigures };
  readonly compareGradients: { readonly job: GradientsJob; readonly result: GradientComparison };
}
export type TrainerTask = {
  [T in keyof TrainerTasks]: { readonly type: T; readonly job: TrainerTasks[T]['job'] };
}[keyof TrainerTasks];

export type MessageToTrainer =
  | { readonly type: 'start'; readonly job: TrainingJob; readonly untrained: UntrainedEvaluation | null }
  | TrainerTask
  | { readonly type: 'flushed'; readonly number: number }
  /** Waits before the next step. */
  | { readonly type: 'pause' }
  | { readonly type: 'unpause' }
  /** Writes a checkpoint and ends, paused or not. */
  | { readonly type: 'stop' };
