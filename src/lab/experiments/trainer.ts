import type { TrainerEvent } from '../../shared/events.ts';
import type { Failure } from '../../shared/contract/messages.ts';
import type { Run, RunState } from '../../shared/history.ts';
import type { Store } from '../store/runStore.ts';
import type { TrainingJob } from '../training/job.ts';
import { trainTask } from '../training/trainTask.ts';
import { knownUntrained } from '../training/untrained.ts';
import { packFailure } from '../work/failure.ts';
import { TaskWorker } from '../work/taskWorker.ts';
import type { WorkerLauncher } from '../work/workers.ts';
import { RunRecorder, type RunObserver } from './runRecorder.ts';

/** A training process as its owner sees it. */
export interface Trainer {
  /** Asks the process to write a checkpoint and end. */
  stop(): void;
  /** Waits before the next step, until `unpause` or `stop`. */
  pause(): void;
  unpause(): void;
  /** Ends the process at once; the run can be resumed from its last checkpoint. */
  kill(): void;
  /** The final state of the run. Rejects if its history cannot be written. */
  readonly ended: Promise<RunState>;
}

/**
 * Starts a training process for a run that this process has claimed, and records what it sends. If the process dies,
 * only the run becomes interrupted, and can be resumed.
 */
export function startTrainer(store: Store, job: TrainingJob, launcher: WorkerLauncher, observer: RunObserver): Trainer {
  const worker = new TaskWorker(launcher, trainTask, { setup: undefined });
  // A history that cannot be written ends the run: its figures would be lost.
  const recorder = new RunRecorder(store, job.run, observer, (error) => worker.end(error));
  const killed = new Error('Ended by its owner.');
  const training = worker.start(
    { job, untrained: knownUntrained(store, job) },
    {
      onEvent: (event) => recorder.take(event),
      onConfirm: () => recorder.recordNow(),
      onMemory: (bytes) => observer.onMemory?.(bytes),
    },
  );
  return {
    stop: () => training.order('stop'),
    pause: () => training.order('pause'),
    unpause: () => training.order('unpause'),
    kill: () => worker.end(killed),
    ended: stateAfter(),
  };

  async function stateAfter(): Promise<RunState> {
    const failure = await training.result.then(
      () => null,
      (error: unknown) => error,
    );
    worker.end();
    await worker.gone;
    recorder.close();
    const run = store.getRun(job.run);
    if (run.state === 'running') {
      if (failure === killed) store.setState(run.id, 'interrupted');
      else store.record(run.id, endOf(run, failure));
    }
    return store.getRun(run.id).state;
  }
}

/** Problems outside of the run: when they are fixed, the run resumes from its last checkpoint. */
const lieOutside: readonly Failure['code'][] = ['storage', 'device'];

/** The end of a run that did not report one. */
function endOf({ id: run, steps_done: step }: Run, thrown: unknown): TrainerEvent {
  const { failure, stack } = packFailure(thrown ?? new Error('The training process ended without a result.'));
  const type = lieOutside.includes(failure.code) ? 'interrupted' : 'failed';
  return { type, run, step, ...failure, message: stack ?? failure.message };
}
