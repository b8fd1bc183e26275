import type { TrainerEvent } from '../../shared/events.ts';
import { defineTask, type Talk, type TaskHost } from '../work/task.ts';
import type { TrainingJob } from './job.ts';
import { Pause } from './pause.ts';
import type { UntrainedEvaluation } from './untrained.ts';

export interface TrainInput {
  readonly job: TrainingJob;
  /** What another run of the experiment found before training; null where the owner knows of none. */
  readonly untrained: UntrainedEvaluation | null;
}

export type TrainOrder =
  /** Waits before the next step. */
  | 'pause'
  | 'unpause'
  /** Writes a checkpoint and ends, paused or not. */
  | 'stop';

export interface TrainTalk extends Talk {
  readonly setup: undefined;
  readonly event: TrainerEvent;
  readonly order: TrainOrder;
}

export type TrainHost = TaskHost<TrainTalk['event'], TrainTalk['order']>;

/** Trains one run. Its last checkpoint is where the run goes on if the worker ends before the run. */
export const trainTask = defineTask<TrainInput, void, TrainTalk>({
  module: import.meta.url,
  what: 'The training process',
  fix: 'Resume the run from its last checkpoint. If this happens again, set a smaller batch_size or max_length, or a gradient_cache_batch.',
  async run({ job, untrained }, host) {
    const pause = new Pause();
    const stopping = new AbortController();
    const carryOut: Record<TrainOrder, () => void> = {
      pause: () => pause.begin(),
      unpause: () => pause.end(),
      stop: () => {
        stopping.abort();
        pause.end();
      },
    };
    host.onOrder((order) => carryOut[order]());
    const { trainRun } = await import('./trainRun.ts');
    await trainRun(job, {
      emit: (event) => host.emit({ ...event, run: job.run }),
      flush: host.confirmed,
      unpaused: () => pause.over(),
      stopping: stopping.signal,
      untrained,
    });
  },
});
