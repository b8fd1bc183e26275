import { LabError } from '../../shared/errors.ts';
import type { TrainerEvent } from '../../shared/events.ts';
import type { Run, RunFailure } from '../../shared/history.ts';
import type { Store } from '../store/runStore.ts';
import { trainingJob } from '../training/job.ts';
import { toFailure } from '../work/failure.ts';
import type { WorkerLauncher } from '../work/workers.ts';
import type { Conditions } from './conditions.ts';
import { startTrainer, type Trainer } from './trainer.ts';

/** What can be seen of runs while they are trained. `run` is as it was when its training was set up, unless it says otherwise. */
export interface TrainingObserver {
  /** The training process has started. */
  onRunStarted?(run: Run): void;
  /** As it comes: not stored yet. */
  onEvent?(run: Run, event: TrainerEvent): void;
  /** After the events so far were stored, ten times a second at most. */
  onStored?(run: Run): void;
  /** Resident memory of the training process, once a second. */
  onMemory?(run: Run, bytes: number): void;
  /** The training process was asked for a checkpoint and an end. */
  onRunStopping?(run: Run): void;
  /** `run` is as it is now. */
  onRunEnded?(run: Run): void;
  /** The run has ended, and its history does not say so: it could not be written. */
  onUnrecordedEnd?(run: Run, cause: unknown): void;
}

/** Whether a run is to be trained when its experiment is started. */
export function isUnfinished({ state, skipped }: Run): boolean {
  return state !== 'finished' && !skipped;
}

/**
 * Runs of one experiment while they are trained, one after the other. A run that fails does not stop those after it.
 * One that is interrupted does: its device or its disk failed, and theirs are the same.
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

  /** Whether no other run begins. */
  get stopping(): boolean {
    return this.#stopping;
  }

  /**
   * Resolves to null when all runs have ended or a stop was carried out. Where a run was interrupted, those that are
   * queued are held back, and it resolves to the reason that they are given.
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

  /** Each of the runs fails: an error keeps all of them from being trained. */
  fail(error: unknown): void {
    this.#endAll(this.#runs, { type: 'failed', ...toFailure(error) });
  }

  /** Each of the runs is interrupted before it begins. */
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

  /** The run that is being trained ends after a checkpoint, and no other begins. */
  stop(): void {
    this.#stopping = true;
    this.#stopCurrent();
  }

  /** If this run is being trained, it ends after a checkpoint, and the next one begins. */
  stopRun(id: string): void {
    if (this.#current?.run.id === id) this.#stopCurrent();
  }

  /** The run that is being trained ends at once, and no other begins. */
  kill(): void {
    this.#stopping = true;
    this.#current?.trainer.kill();
  }

  #stopCurrent(): void {
    if (!this.#current) return;
    this.#observer.onRunStopping?.(this.#current.run);
    this.#current.trainer.stop();
  }

  /** What interrupted the run; null if nothing did. */
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

  /** Others may have finished a run, or skipped it, since this training was set up. */
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

/** Why a run is not started after another one was interrupted. */
function notStarted({ id }: Run, { code, message }: RunFailure): RunFailure {
  return {
    code,
    message: `Not started, because run ${id} was interrupted: ${message}`,
    fix: 'Resume it once the cause is gone.',
  };
}

const unexplained: RunFailure = {
  code: 'device',
  message: 'Its training process ended without a word.',
  fix: 'Resume it from its last checkpoint.',
};
