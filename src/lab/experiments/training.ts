import { LabError } from '../../shared/errors.ts';
import type { TrainerEvent } from '../../shared/events.ts';
import type { Run, RunFailure } from '../../shared/history.ts';
import type { Store } from '../store/runStore.ts';
import { trainingJob } from '../training/job.ts';
import { toFailure } from '../work/failure.ts';
import type { WorkerLauncher } from '../work/workers.ts';
import type { Conditions } from './conditions.ts';
import { startTrainer, type Trainer } from './trainer.ts';

/** Observes runs in training. Unless stated otherwise, `run` is as it was when its training was set up. */
export interface TrainingObserver {
  /** The training process has started. */
  onRunStarted?(run: Run): void;
  /** Reports an event before it is stored. */
  onEvent?(run: Run, event: TrainerEvent): void;
  /** Called after events were stored, at most ten times a second. */
  onStored?(run: Run): void;
  /** Resident memory of the training process, once a second. */
  onMemory?(run: Run, bytes: number): void;
  /** The training process was asked to write a checkpoint and end. */
  onRunStopping?(run: Run): void;
  /** `run` is as it is now. */
  onRunEnded?(run: Run): void;
  /** The run has ended, but this could not be written to its history. */
  onUnrecordedEnd?(run: Run, cause: unknown): void;
}

/** Whether starting the experiment trains this run. */
export function isUnfinished({ state, skipped }: Run): boolean {
  return state !== 'finished' && !skipped;
}

/**
 * Trains the runs of one experiment one after the other. After a failed run, the next one is trained. After an
 * interrupted run, none: its device or disk failed, and the others use the same.
 */
export class ExperimentTraining {
  readonly experiment: string;
  readonly #store: Store;
  readonly #launcher: WorkerLauncher;
  readonly #runs: readonly Run[];
  readonly #observer: TrainingObserver;
  #current: { readonly run: Run; readonly trainer: Trainer } | null = null;
  #paused = false;
  #stopping = false;

  /** `runs`: at least one, as they are now. */
  constructor(store: Store, launcher: WorkerLauncher, runs: readonly Run[], observer: TrainingObserver) {
    this.experiment = runs[0]!.experiment;
    this.#store = store;
    this.#launcher = launcher;
    this.#runs = runs;
    this.#observer = observer;
  }

  get paused(): boolean {
    return this.#paused;
  }

  /** Whether no further run begins. */
  get stopping(): boolean {
    return this.#stopping;
  }

  /**
   * Resolves to null when all runs have ended or a requested stop is done. If a run was interrupted, the queued runs
   * are not started, and it resolves to the reason stored with them.
   */
  async train(conditions: Conditions): Promise<RunFailure | null> {
    for (const [index, run] of this.#runs.entries()) {
      if (this.#stopping) return null;
      const interruption = await this.#trainWanted(run, conditions);
      if (this.#stopping || interruption === null) continue;
      const reason = notStarted(run, interruption);
      this.#endAll(this.#runs.slice(index + 1), { type: 'interrupted', ...reason });
      return reason;
    }
    return null;
  }

  /** Marks all runs as failed: an error keeps them from being trained. */
  fail(error: unknown): void {
    this.#endAll(this.#runs, { type: 'failed', ...toFailure(error) });
  }

  /** Marks all runs as interrupted before they begin. */
  holdBack(reason: RunFailure): void {
    this.#endAll(this.#runs, { type: 'interrupted', ...reason });
  }

  pause(): void {
    this.#paused = true;
    this.#current?.trainer.pause();
  }

  unpause(): void {
    this.#paused = false;
    this.#current?.trainer.unpause();
  }

  /** The run in training ends after a checkpoint, and no other run begins. */
  stop(): void {
    this.#stopping = true;
    this.#stopCurrent();
  }

  /** If this run is in training, it ends after a checkpoint, and the next run begins. */
  stopRun(id: string): void {
    if (this.#current?.run.id === id) this.#stopCurrent();
  }

  /** The run in training ends at once, and no other run begins. */
  kill(): void {
    this.#stopping = true;
    this.#current?.trainer.kill();
  }

  #stopCurrent(): void {
    if (!this.#current) return;
    this.#observer.onRunStopping?.(this.#current.run);
    this.#current.trainer.stop();
  }

  /** What interrupted the run; null if it was not interrupted. */
  async #trainWanted(run: Run, conditions: Conditions): Promise<RunFailure | null> {
    try {
      if (!this.#isWanted(run)) return null;
      await this.#trainRun(run, conditions);
      const { state, failure } = this.#reportEnd(run);
      return state === 'interrupted' ? (failure ?? unexplained) : null;
    } catch (error) {
      this.#observer.onUnrecordedEnd?.(run, error);
      return error instanceof LabError && error.code === 'storage' ? toFailure(error) : null;
    }
  }

  async #trainRun(run: Run, { dataset, device }: Conditions): Promise<void> {
    const job = trainingJob(this.#store.home, this.#store.claim(run.id), dataset, device);
    const trainer = startTrainer(this.#store, job, this.#launcher, {
      onEvent: (event) => this.#observer.onEvent?.(run, event),
      onStored: () => this.#observer.onStored?.(run),
      onMemory: (bytes) => this.#observer.onMemory?.(run, bytes),
    });
    this.#current = { run, trainer };
    if (this.#paused) trainer.pause();
    this.#observer.onRunStarted?.(run);
    try {
      await trainer.ended;
    } finally {
      this.#current = null;
    }
  }

  /** Another program may have finished or skipped a run since this training was set up. */
  #isWanted({ id, skipped: skippedBefore }: Run): boolean {
    const { state, skipped } = this.#store.getRun(id);
    return state !== 'finished' && (!skipped || skippedBefore);
  }

  /** Ends runs that have not begun. */
  #endAll(runs: readonly Run[], end: { readonly type: 'failed' | 'interrupted' } & RunFailure): void {
    if (this.#stopping) return;
    for (const run of runs) {
      try {
        if (!this.#isWanted(run)) continue;
        this.#store.atomically(() => {
          const { id, steps_done: step } = this.#store.claim(run.id);
          this.#store.record(id, { run: id, step, ...end });
        });
        this.#reportEnd(run);
      } catch (error) {
        this.#observer.onUnrecordedEnd?.(run, error);
      }
    }
  }

  #reportEnd({ id }: Run): Run {
    const run = this.#store.getRun(id);
    this.#observer.onRunEnded?.(run);
    return run;
  }
}

/** The reason stored with runs that are not started after an interruption. */
function notStarted({ id }: Run, { code, message }: RunFailure): RunFailure {
  return {
    code,
    message: `Not started because run ${id} was interrupted: ${message}`,
    fix: 'Fix the cause, then resume it.',
  };
}

const unexplained: RunFailure = {
  code: 'device',
  message: 'Its training process ended without an error message.',
  fix: 'Resume it from its last checkpoint.',
};
