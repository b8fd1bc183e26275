import type { TrainerEvent } from '../../shared/events.ts';
import type { TrainingJob } from './job.ts';

/** What a training process and its owner say to each other, over an advanced-serialisation channel. */
export type MessageFromTrainer =
  | { readonly type: 'event'; readonly event: TrainerEvent }
  /** Asks to be told when all events so far are stored. */
  | { readonly type: 'flush'; readonly number: number };

export type MessageToTrainer =
  | { readonly type: 'start'; readonly job: TrainingJob }
  | { readonly type: 'flushed'; readonly number: number }
  | { readonly type: 'stop' };
