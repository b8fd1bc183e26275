import type { TrainerEvent } from '../../shared/events.ts';
import { HealthWatch } from '../health/healthWatch.ts';
import type { Store } from '../store/runStore.ts';
import { Paced } from '../work/throttle.ts';

/** Who watches a run while it is trained. */
export interface RunObserver {
  /** As it comes: not stored yet. */
  onEvent?(event: TrainerEvent): void;
  /** After the events so far were stored, ten times a second at most. */
  onStored?(): void;
  /** Resident memory of the process, once a second. */
  onMemory?(bytes: number): void;
}

const recordMilliseconds = 100;

/** Writes what a run reports into the history, many events at once, and adds what its health guard finds. */
export class RunRecorder {
  readonly #store: Store;
  readonly #run: string;
  readonly #observer: RunObserver;
  readonly #onFailure: (error: Error) => void;
  readonly #health: HealthWatch;
  readonly #pending: TrainerEvent[] = [];
  /** At once after a pause: who watches slow steps need not wait for others that may come. */
  readonly #pace = new Paced(recordMilliseconds, () => this.#attempt(() => this.#record()));
  #failure: Error | null = null;

  /** @param onFailure called once, with why the history cannot be written; nothing is recorded from then on */
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

  /** Records what is left. Throws where the history could not be written. */
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
