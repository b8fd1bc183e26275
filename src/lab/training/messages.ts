import type { TrainerEvent } from '../../shared/events.ts';
import type { Failure } from '../../shared/contract/messages.ts';
import type { TrainingJob } from './job.ts';
import type { RehearsalFigures, RehearsalJob } from './rehearsal.ts';

/** What a training process and its owner say to each other, over a channel that keeps NaN and typed arrays. */
export type MessageFromTrainer =
  | { readonly type: 'event'; readonly event: TrainerEvent }
  /** Asks to be told when all events so far are stored. */
  | { readonly type: 'flush'; readonly number: number }
  /** Resident memory of the process, once a second. */
  | { readonly type: 'memory'; readonly bytes: number };

/** What a training process says that only rehearses: the last message is a result or a failure. */
export type MessageFromRehearsal =
  | { readonly type: 'rehearsing'; readonly message: string }
  | { readonly type: 'rehearsed'; readonly figures: RehearsalFigures }
  | { readonly type: 'rehearsalFailed'; readonly failure: Failure };

export type MessageToTrainer =
  | { readonly type: 'start'; readonly job: TrainingJob }
  | { readonly type: 'rehearse'; readonly job: RehearsalJob }
  | { readonly type: 'flushed'; readonly number: number }
  /** Waits before the next step. */
  | { readonly type: 'pause' }
  | { readonly type: 'unpause' }
  /** Writes a checkpoint and ends, paused or not. */
  | { readonly type: 'stop' };
