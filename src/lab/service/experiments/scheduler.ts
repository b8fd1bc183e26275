import { LabError } from '../../../shared/errors.ts';
import type { Run, RunFailure } from '../../../shared/history.ts';
import type { ServiceContext } from '../context.ts';
import { ExperimentTraining, isUnfinished, type LiveRun } from './training.ts';
import { toFailure } from '../../work/failure.ts';

/** What the scheduler is doing with an experiment; null where nothing. */
export type SchedulerStatus = 'waiting' | 'running' | 'paused' | null;

interface Waiting {
  readonly experiment: string;
  readonly runs: readonly Run[];
}

/** Trains one experiment at a time: two would share the machine, and neither's times would mean anything. */
export class Scheduler {
  private readonly context: ServiceContext;
  /** Told of every experiment about which something has changed. */
  private readonly changed: (experiment: string) => void;
  private readonly waiting: Waiting[] = [];
  private current: ExperimentTraining | null = null;
  private idle: Promise<void> = Promise.resolve();
  private closing = false;
  private readonly unrecorded = new Map<string, RunFailure>();

  constructor(context: ServiceContext, changed: (experiment: string) => void) {
    this.context = context;
    this.changed = changed;
  }

  get busy(): boolean {
    return this.current !== null;
  }

  statusOf(experiment: string): SchedulerStatus {
    const training = this.trainingOf(experiment);
    if (training) return training.paused ? 'paused' : 'running';
    return this.isWaiting(experiment) ? 'waiting' : null;
  }

  /** What is known of a run beyond its history, while it is being trained. */
  live(run: string): LiveRun | null {
    return this.current?.live?.run === run ? this.current.live : null;
  }

  /** Why a run has ended, where its history could not be written; null otherwise. */
  unrecordedFailure(run: string): RunFailure | null {
    return this.unrecorded.get(run) ?? null;
  }

  /** Does nothing where the experiment is waiting or being trained already. */
  start(experiment: string): void {
    const { store } = this.context;
    if (this.closing)
      throw new LabError('usage', 'The lab is being closed.', 'Start the experiment when it is open again.');
    if (store.overviewOf(experiment).foreign) throw controlledElsewhere();
    const runs = store.listRuns({ experiment });
    if (!runs.some(isUnfinished)) {
      throw new LabError(
        'usage',
        'Every run of this experiment is finished or left out.',
        'Duplicate the experiment to train it again.',
      );
    }
    // One that is stopping is taken up again once it has stopped.
    if (this.isWaiting(experiment) || (this.trainingOf(experiment) && !this.current?.stopping)) return;
    for (const { id } of runs) this.unrecorded.delete(id);
    this.waiting.push({ experiment, runs });
    this.tell(experiment);
    this.next();
  }

  pause(experiment: string): void {
    this.requireTraining(experiment).pause();
    this.tell(experiment);
  }

  unpause(experiment: string): void {
    this.requireTraining(experiment).unpause();
    this.tell(experiment);
  }

  /** Takes a waiting experiment out of the queue; stops one that is being trained after a checkpoint. */
  cancel(experiment: string): void {
    const place = this.waiting.findIndex((waiting) => waiting.experiment === experiment);
    if (place >= 0) this.waiting.splice(place, 1);
    else this.requireTraining(experiment).stop();
    this.tell(experiment);
  }

  /** Leaves out a run: one that is being trained stops after a checkpoint, and the next one begins. */
  skip(run: string): void {
    const { id, state, experiment } = this.context.store.getRun(run);
    if (state === 'finished') throw new LabError('usage', 'A run that is finished cannot be skipped.');
    if (this.context.store.overviewOf(experiment).foreign) throw controlledElsewhere();
    this.context.store.skipRun(id);
    if (this.live(id)) this.current!.stopRun();
    this.tell(experiment);
  }

  /** Resolves when whatever is being trained has stopped after a checkpoint. */
  async close(): Promise<void> {
    this.closing = true;
    this.waiting.length = 0;
    this.current?.stop();
    await this.idle;
  }

  private next(): void {
    const next = this.current ? undefined : this.waiting.shift();
    if (!next) return;
    const { experiment, runs } = next;
    const training = new ExperimentTraining(this.context, experiment, runs, {
      changed: () => this.changed(experiment),
      runChanged: () => this.tell(experiment),
      unrecorded: (run, error) => this.unrecorded.set(run, toFailure(error)),
    });
    this.current = training;
    this.tell(experiment);
    this.idle = training.train().finally(() => {
      this.current = null;
      this.tell(experiment);
      this.next();
    });
  }

  private tell(experiment: string): void {
    this.context.notify({ type: 'experiments' });
    this.changed(experiment);
  }

  private isWaiting(experiment: string): boolean {
    return this.waiting.some((waiting) => waiting.experiment === experiment);
  }

  private trainingOf(experiment: string): ExperimentTraining | null {
    return this.current?.experiment === experiment ? this.current : null;
  }

  private requireTraining(experiment: string): ExperimentTraining {
    const training = this.trainingOf(experiment);
    if (training) return training;
    if (this.context.store.overviewOf(experiment).foreign) throw controlledElsewhere();
    throw new LabError('usage', 'This experiment is not being trained now.', 'Start it first.');
  }
}

function controlledElsewhere(): LabError {
  return new LabError(
    'usage',
    'Another program is training this experiment.',
    'It can be watched here; stop it where it was started.',
  );
}
