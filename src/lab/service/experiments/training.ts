import type { ChosenDevice } from '../../../shared/device.ts';
import type { RunView } from '../../../shared/contract/experiments.ts';
import type { TrainerEvent } from '../../../shared/events.ts';
import type { Run } from '../../../shared/history.ts';
import { chooseDevice } from '../../engine/devices.ts';
import { trainingJob } from '../../training/job.ts';
import { startTrainer, type Trainer } from '../../experiments/supervise.ts';
import type { ServiceContext } from '../context.ts';
import { findDatasetOfRun } from '../../data/findDataset.ts';
import { toFailure } from '../../work/failure.ts';

/** What is known of a run beyond its history, while it is being trained. */
export interface LiveRun {
  readonly run: string;
  phase: RunView['phase'];
  memoryBytes: number | null;
}

/** Whoever wants to know how it goes. */
interface Listener {
  /** Ten times a second at most for what a run reports. */
  changed(): void;
  /** A run has begun or ended. */
  runChanged(): void;
  /** Why a run has ended, where its history could not be written. */
  unrecorded(run: string, error: unknown): void;
}

/** What all runs of an experiment are trained with. */
interface Conditions {
  /** Folder of the dataset. */
  readonly dataset: string;
  readonly device: ChosenDevice;
}

/** Whether a run is to be trained when its experiment is started. */
export function isUnfinished({ state, skipped }: Run): boolean {
  return state !== 'finished' && !skipped;
}

/** One experiment while it is being trained: its unfinished runs, one after the other, on one device. */
export class ExperimentTraining {
  readonly experiment: string;
  paused = false;
  stopping = false;
  live: LiveRun | null = null;
  private readonly context: ServiceContext;
  private readonly runs: readonly Run[];
  private readonly listener: Listener;
  private trainer: Trainer | null = null;

  constructor(context: ServiceContext, experiment: string, runs: readonly Run[], listener: Listener) {
    this.context = context;
    this.experiment = experiment;
    this.runs = runs;
    this.listener = listener;
  }

  /** Resolves when all runs have ended, or a stop has been carried out. What goes wrong is told by the runs. */
  async train(): Promise<void> {
    const conditions = await this.conditions().catch((error: unknown) => error as Error);
    for (const { id } of this.runs) {
      if (this.stopping) return;
      try {
        // One may have been left out while others were being trained.
        if (!isUnfinished(this.context.store.getRun(id))) continue;
        if (conditions instanceof Error) this.fail(id, conditions);
        else await this.trainRun(id, conditions);
      } catch (error) {
        this.listener.unrecorded(id, error);
      } finally {
        this.trainer = null;
        this.live = null;
      }
      this.listener.runChanged();
    }
  }

  /** Found out once. */
  private async conditions(): Promise<Conditions> {
    const { home, launcher } = this.context;
    const [first] = this.runs;
    const { folder: dataset } = await findDatasetOfRun(home, first!);
    // Where some have been trained, the others follow: another device would give other figures.
    const before = this.runs.find(({ start }) => start)?.start;
    const device = await chooseDevice(before?.device ?? first!.configuration.training.device, launcher);
    return { dataset, device: before ? { device: device.device, reason: before.device_reason } : device };
  }

  private async trainRun(id: string, { dataset, device }: Conditions): Promise<void> {
    const { store, home, launcher } = this.context;
    const run = store.claim(id);
    const live: LiveRun = { run: id, phase: { name: 'Starting', done: 0, total: 1 }, memoryBytes: null };
    this.live = live;
    this.trainer = startTrainer(store, trainingJob(home, run, dataset, device), launcher, {
      onEvent: (event) => (live.phase = phaseAfter(event, live.phase)),
      onStored: () => this.listener.changed(),
      onMemory: (bytes) => {
        live.memoryBytes = bytes;
        this.listener.changed();
      },
    });
    if (this.paused) this.trainer.pause();
    this.listener.runChanged();
    const state = await this.trainer.ended;
    if (state === 'finished') this.context.notify({ type: 'encoders' });
  }

  private fail(id: string, error: Error): void {
    const { store } = this.context;
    store.claim(id);
    store.record(id, { type: 'failed', run: id, step: 0, ...toFailure(error) });
  }

  pause(): void {
    this.paused = true;
    this.trainer?.pause();
  }

  unpause(): void {
    this.paused = false;
    this.trainer?.unpause();
  }

  /** The run that is being trained ends after a checkpoint, and no other begins. */
  stop(): void {
    this.stopping = true;
    this.stopRun();
  }

  /** The run that is being trained ends after a checkpoint; the next one begins. */
  stopRun(): void {
    if (this.live) this.live.phase = { name: 'Stopping after a checkpoint', done: 0, total: 1 };
    this.trainer?.stop();
  }
}

/** A phase lasts until the next one, or until what it leads to. */
function phaseAfter(event: TrainerEvent, phase: RunView['phase']): RunView['phase'] {
  if (event.type === 'phase') return { name: event.phase, done: event.done, total: event.total };
  return event.type === 'notice' || event.type === 'checkpoint' ? phase : null;
}
