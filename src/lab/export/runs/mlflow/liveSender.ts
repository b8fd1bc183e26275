import { setTimeout as sleep } from 'node:timers/promises';
import type { RunSender } from './sendRun.ts';

/** Times in milliseconds. */
export interface SendingPace {
  /** Minimum time between two requests. */
  readonly pause: number;
  /** After a failure, until the next attempt. */
  readonly afterFailure: number;
  /** At the end: after this time without an answer, it gives up. */
  readonly patience: number;
}

const usualPace: SendingPace = { pause: 2000, afterFailure: 60_000, patience: 10_000 };

/** What became of runs at the end. */
export interface Sent {
  /** Those that have not arrived completely. They are sent later. */
  readonly unsent: readonly string[];
  /** What such a server cannot be sent, in sentences. */
  readonly leftOut: readonly string[];
}

/**
 * Sends runs during training without delaying it; only `finish` waits, for as long as the server answers. The first
 * failure is reported, and sending is tried again later. Nothing is lost: the history has everything.
 */
export class LiveSender {
  readonly #sender: RunSender;
  readonly #giveUp: AbortController;
  readonly #onFailure: (error: unknown) => void;
  readonly #pace: SendingPace;
  readonly #due = new Set<string>();
  readonly #seen = new Set<string>();
  readonly #ending = new AbortController();
  #working: Promise<void> | null = null;
  #failed = false;

  /** @param giveUp ends the requests of `sender` */
  constructor(
    sender: RunSender,
    giveUp: AbortController,
    onFailure: (error: unknown) => void,
    pace: SendingPace = usualPace,
  ) {
    this.#sender = sender;
    this.#giveUp = giveUp;
    this.#onFailure = onFailure;
    this.#pace = pace;
  }

  /** Call this when records of the run were stored. */
  recorded(run: string): void {
    if (!this.#seen.has(run)) this.#sender.remember(run);
    this.#seen.add(run);
    this.#due.add(run);
    this.#working ??= this.#work();
  }

  /**
   * Sends all runs again, completely, because the end of a run can be stored after its last record. Resolves when that
   * is done, failed, or the server does not answer.
   */
  async finish(): Promise<Sent> {
    this.#ending.abort();
    const end = new AbortController();
    const sending = this.#complete().finally(() => end.abort());
    await this.#waitWhileAnswering(end.signal);
    this.#giveUp.abort(new Error('Nothing more is sent now.'));
    return sending;
  }

  async #complete(): Promise<Sent> {
    await this.#working;
    const runs = [...this.#seen];
    if (runs.length === 0) return { unsent: [], leftOut: [] };
    try {
      return { unsent: [], leftOut: await this.#sender.sendCompletely(runs) };
    } catch (error) {
      if (!this.#giveUp.signal.aborted) this.#report(error);
      return { unsent: runs, leftOut: [] };
    }
  }

  /** Until `ended`, or until the server has not answered for as long as patience lasts. */
  async #waitWhileAnswering(ended: AbortSignal): Promise<void> {
    for (let answers = -1; answers !== this.#sender.answers && !ended.aborted;) {
      answers = this.#sender.answers;
      await pause(this.#pace.patience, ended);
    }
  }

  async #work(): Promise<void> {
    for (const run of this.#due) {
      await pause(this.#pace.pause, this.#ending.signal);
      // Records from now on put the run back at the end of the queue.
      this.#due.delete(run);
      if (this.#ending.signal.aborted) continue;
      try {
        await this.#sender.send(run);
      } catch (error) {
        if (!this.#giveUp.signal.aborted) this.#report(error);
        this.#due.add(run);
        await pause(this.#pace.afterFailure, this.#ending.signal);
      }
    }
    this.#working = null;
  }

  #report(error: unknown): void {
    if (!this.#failed) this.#onFailure(error);
    this.#failed = true;
  }
}

/** Ends early, without an error, when aborted. */
async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal }).catch(() => undefined);
}
