import type { RunView } from '../../../shared/contract/experiments.ts';
import type { TrainerEvent } from '../../../shared/events.ts';
import type { Run, RunFailure } from '../../../shared/history.ts';
import type { QueueObserver } from '../../experiments/queue.ts';
import { toFailure } from '../../work/failure.ts';
import type { ServiceContext } from '../context.ts';

/** Facts about a run in training that are not in its history. */
export interface LiveRun {
  readonly run: string;
  phase: RunView['phase'];
  memoryBytes: number | null;
}

/** Observes the queue for screens: keeps what is not in the history, and reports changes. */
export class LiveRuns implements QueueObserver {
  readonly #notify: ServiceContext['notify'];
  readonly #touch: (experiment: string) => void;
  /** Why runs ended, for those whose history could not be written. */
  readonly #unrecorded = new Map<string, RunFailure>();
  #live: LiveRun | null = null;

  /** `touch` is called for every experiment that has changed. */
  constructor(notify: ServiceContext['notify'], touch: (experiment: string) => void) {
    this.#notify = notify;
    this.#touch = touch;
  }

  /** Null for a run that this lab is not training. */
  live(run: string): LiveRun | null {
    return this.#live?.run === run ? this.#live : null;
  }

  /** Why a run ended, if its history could not be written. */
  unrecordedFailure(run: string): RunFailure | null {
    return this.#unrecorded.get(run) ?? null;
  }

  onExperimentChanged(experiment: string): void {
    this.#notify({ type: 'experiments' });
    this.#touch(experiment);
  }

  onRunStarted({ id, experiment }: Run): void {
    this.#unrecorded.delete(id);
    this.#live = { run: id, phase: { name: 'Starting', done: 0, total: 1 }, memoryBytes: null };
    this.onExperimentChanged(experiment);
  }

  onEvent({ id }: Run, event: TrainerEvent): void {
    const live = this.live(id);
    if (live) live.phase = phaseAfter(event, live.phase);
  }

  onStored({ experiment }: Run): void {
    this.#touch(experiment);
  }

  onMemory({ id, experiment }: Run, bytes: number): void {
    const live = this.live(id);
    if (live) live.memoryBytes = bytes;
    this.#touch(experiment);
  }

  onRunStopping({ id }: Run): void {
    const live = this.live(id);
    if (live) live.phase = { name: 'Stopping after a checkpoint', done: 0, total: 1 };
  }

  onRunEnded({ experiment, state }: Run): void {
    this.#live = null;
    if (state === 'finished') this.#notify({ type: 'encoders' });
    this.onExperimentChanged(experiment);
  }

  onUnrecordedEnd({ id, experiment }: Run, cause: unknown): void {
    this.#live = null;
    this.#unrecorded.set(id, toFailure(cause));
    this.onExperimentChanged(experiment);
  }
}

/** A phase lasts until the next one, or until the event that it prepares. */
function phaseAfter(event: TrainerEvent, phase: RunView['phase']): RunView['phase'] {
  if (event.type === 'phase') return { name: event.phase, done: event.done, total: event.total };
  return event.type === 'notice' || event.type === 'checkpoint' ? phase : null;
}
