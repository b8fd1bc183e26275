import { setTimeout as sleep } from 'node:timers/promises';
import type { RunSender } from './sendRun.ts';

/** Minimum time between two requests. */
const pauseMilliseconds = 2000;

/**
 * Sends runs during training without delaying it; only `finish` waits. The first failure ends it and is reported once.
 * Nothing is lost: the history has everything and can be sent later.
 */
export class LiveSender {
  readonly #sender: RunSender;
  readonly #onFailure: (error: unknown) => void;
  readonly #due = new Set<string>();
  readonly #seen = new Set<string>();
  readonly #ending = new AbortController();
  #working: Promise<void> | null = null;
  #failed = false;

  constructor(sender: RunSender, onFailure: (error: unknown) => void) {
    this.#sender = sender;
    this.#onFailure = onFailure;
  }

  /** Call this when records of the run were stored. */
  recorded(run: string): void {
    if (this.#failed) return;
    this.#seen.add(run);
    this.#due.add(run);
    this.#working ??= this.#work();
  }

  /**
   * Resolves when everything was sent or sending failed. Sends all runs again, because the end of a run can be stored
   * after its last record.
   */
  async finish(): Promise<void> {
    this.#ending.abort();
    for (const run of this.#seen) this.recorded(run);
    await this.#working;
  }

  async #work(): Promise<void> {
    try {
      for (const run of this.#due) {
        await sleep(pauseMilliseconds, undefined, { signal: this.#ending.signal }).catch(() => undefined);
        // Records from now on put the run back at the end of the queue.
        this.#due.delete(run);
        await this.#sender.send(run);
      }
    } catch (error) {
      this.#failed = true;
      this.#onFailure(error);
    } finally {
      this.#working = null;
    }
  }
}
