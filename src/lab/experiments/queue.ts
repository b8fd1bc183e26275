import type { DeviceName } from '../../shared/device.ts';
import { LabError } from '../../shared/errors.ts';
import type { RunFailure } from '../../shared/history.ts';
import type { Store } from '../store/runStore.ts';
import type { WorkerLauncher } from '../work/workers.ts';
import { findConditions, type Conditions } from './conditions.ts';
import { ExperimentTraining, isUnfinished, type TrainingObserver } from './training.ts';

/** What the queue is doing with an experiment. */
export type QueueStatus = 'waiting' | 'running' | 'paused';

export interface QueueObserver extends TrainingObserver {
  /** The queue accepted, started, paused or ended an experiment, or skipped one of its runs. */
  onExperimentChanged(experiment: string): void;
}

interface Waiting {
  readonly training: ExperimentTraining;
  /** Devices that failed while it waited, with the reason. */
  readonly lostDevices: Map<DeviceName, RunFailure>;
}

/** Trains one experiment at a time: two would share the machine, and the times of both would be meaningless. */
export class ExperimentQueue {
  readonly #store: Store;
  readonly #launcher: WorkerLauncher;
  readonly #observer: QueueObserver;
  readonly #waiting: Waiting[] = [];
  #current: ExperimentTraining | null = null;
  #idle: Promise<void> = Promise.resolve();
  #closing = false;

  constructor(store: Store, launcher: WorkerLauncher, observer: QueueObserver) {
    this.#store = store;
    this.#launcher = launcher;
    this.#observer = observer;
  }

  get busy(): boolean {
    return this.#current !== null;
  }

  /** Null for an experiment that is neither waiting nor being trained. */
  status(experiment: string): QueueStatus | null {
    const training = this.#training(experiment);
    if (training) return training.paused ? 'paused' : 'running';
    return this.#place(experiment) >= 0 ? 'waiting' : null;
  }

  /**
   * Trains the unfinished runs when it is the turn of the experiment. Does nothing if it is already waiting or in
   * training.
   */
  start(experiment: string): void {
    if (this.#closing)
      throw new LabError('usage', 'The lab is being closed.', 'Start the experiment after you open the lab again.');
    this.#requireOwn(experiment);
    const runs = this.#store.listRuns({ experiment }).filter(isUnfinished);
    if (runs.length === 0) {
      throw new LabError(
        'usage',
        'Every run of this experiment is finished or skipped.',
        'Duplicate the experiment to train it again.',
      );
    }
    // An experiment that is stopping starts again after it has stopped.
    const training = this.#training(experiment);
    if (this.#place(experiment) >= 0 || (training && !training.stopping)) return;
    this.#waiting.push({
      training: new ExperimentTraining(this.#store, this.#launcher, runs, this.#observer),
      lostDevices: new Map(),
    });
    this.#observer.onExperimentChanged(experiment);
    this.#next();
  }

  pause(experiment: string): void {
    this.#requireTraining(experiment).pause();
    this.#observer.onExperimentChanged(experiment);
  }

  unpause(experiment: string): void {
    this.#requireTraining(experiment).unpause();
    this.#observer.onExperimentChanged(experiment);
  }

  /** Removes a waiting experiment from the queue; stops one in training after a checkpoint. */
  stop(experiment: string): void {
    const place = this.#place(experiment);
    if (place >= 0) this.#waiting.splice(place, 1);
    else this.#requireTraining(experiment).stop();
    this.#observer.onExperimentChanged(experiment);
  }

  /** Skips a run: if it is being trained, it stops after a checkpoint and the next run begins. */
  skip(run: string): void {
    const { id, state, experiment } = this.#store.getRun(run);
    if (state === 'finished') throw new LabError('usage', `Run ${id} is finished: it cannot be skipped.`);
    this.#requireOwn(experiment);
    this.#store.skipRun(id);
    this.#training(experiment)?.stopRun(id);
    this.#observer.onExperimentChanged(experiment);
  }

  /** Resolves when the experiment in training has stopped after a checkpoint. */
  async close(): Promise<void> {
    this.#closing = true;
    this.#waiting.length = 0;
    this.#current?.stop();
    await this.#idle;
  }

  #next(): void {
    const next = this.#current ? undefined : this.#waiting.shift();
    if (!next) return;
    const { experiment } = next.training;
    this.#current = next.training;
    this.#observer.onExperimentChanged(experiment);
    this.#idle = this.#train(next).finally(() => {
      this.#current = null;
      this.#observer.onExperimentChanged(experiment);
      this.#next();
    });
  }

  async #train({ training, lostDevices }: Waiting): Promise<void> {
    let conditions: Conditions;
    try {
      conditions = await findConditions(this.#store, this.#launcher, training.experiment);
    } catch (error) {
      return training.fail(error);
    }
    const { device } = conditions.device;
    const lost = lostDevices.get(device);
    if (lost) return training.holdBack(lost);
    const interruption = await training.train(conditions);
    // Experiments that are started from now on may try it again.
    if (interruption?.code === 'device')
      for (const waiting of this.#waiting) waiting.lostDevices.set(device, interruption);
  }

  #place(experiment: string): number {
    return this.#waiting.findIndex(({ training }) => training.experiment === experiment);
  }

  #training(experiment: string): ExperimentTraining | null {
    return this.#current?.experiment === experiment ? this.#current : null;
  }

  #requireTraining(experiment: string): ExperimentTraining {
    const training = this.#training(experiment);
    if (training) return training;
    this.#requireOwn(experiment);
    throw new LabError('usage', 'This experiment is not being trained now.', 'Start it first.');
  }

  #requireOwn(experiment: string): void {
    if (!this.#store.overviewOf(experiment).foreign) return;
    throw new LabError(
      'usage',
      'Another program is training this experiment.',
      'You can watch it here. Stop it in the program that started it.',
    );
  }
}
