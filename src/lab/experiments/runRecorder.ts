import type { TrainerEvent } from '../../shared/events.ts';
import { HealthWatch } from '../health/healthWatch.ts';
import type { Store } from '../store/runStore.ts';
import { Paced } from '../work/throttle.ts';

/** The observer of a run in training. */
export interface RunObserver {
  /** Reports an event before it is stored. */
  onEvent?(event: TrainerEvent): void;
  /** Called after events were stored, at most ten times a second. */
  onStored?(): void;
  /** Resident memory of the process, once a second. */
  onMemory?(bytes: number): void;
}

const recordMilliseconds = 100;

/** Writes the reports of a run to the history, many events at once, with the findings of the health guard. */
export class RunRecorder {
  readonly #store: Store;
  readonly #run: string;
  readonly #observer: RunObserver;
  readonly #onFailure: (error: Error) => void;
  readonly #health: HealthWatch;
  readonly #pending: TrainerEvent[] = [];
  /** At once after a pause, so that observers of slow steps do not wait for later ones. */
  readonly #pace = new Paced(recordMilliseconds, () => this.#attempt(() => this.#record()));
  #failure: Error | null = null;

  /** @param onFailure called once with the error if the history cannot be written; from then on nothing is recorded */
  constructor(store: Store, run: string, observer: RunObserver, onFailure: (error: Error) => void) {
    this.#store = store;
    this.#run = run;
    this.#observer = observer;
    this.#onFailure = onFailure;
    this.#health = new HealthWatch(store, store.getRun(run));
  }

  take(reported: TrainerEvent): void {
    this.#attempt(() => {
      for (const event of [reported, ...this.#health.observe(reported)]) {
        if (event.type !== 'phase') this.#pending.push(event);
        this.#observer.onEvent?.(event);
      }
      this.#pace.soon();
    });
  }

  recordNow(): void {
    this.#pace.now();
  }

  /** Records the remaining events. Throws if the history could not be written. */
  close(): void {
    this.recordNow();
    if (this.#failure) throw this.#failure;
  }

  #record(): void {
    if (this.#pending.length > 0) this.#store.record(this.#run, ...this.#pending.splice(0));
    this.#observer.onStored?.();
  }

  #attempt(action: () => void): void {
    if (this.#failure) return;
    try {
      action();
    } catch (error) {
      this.#failure = error instanceof Error ? error : new Error(String(error));
      this.#onFailure(this.#failure);
    }
  }
}
