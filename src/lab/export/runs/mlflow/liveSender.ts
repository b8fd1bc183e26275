import { setTimeout as sleep } from 'node:timers/promises';
import type { RunSender } from './sendRun.ts';

/** Between two sendings at least. */
const pauseMilliseconds = 2000;

/**
 * Sends runs while they are being trained, beside the training: nobody waits for it until `finish`. The first failure ends
 * it, is told once and harms nothing: the history has everything, and can be sent later.
 */
export class LiveSender {
  private readonly sender: RunSender;
  private readonly onFailure: (error: unknown) => void;
  private readonly due = new Set<string>();
  private readonly seen = new Set<string>();
  private readonly ending = new AbortController();
  private working: Promise<void> | null = null;
  private failed = false;

  constructor(sender: RunSender, onFailure: (error: unknown) => void) {
    this.sender = sender;
    this.onFailure = onFailure;
  }

  /** Something of the run was recorded. */
  recorded(run: string): void {
    if (this.failed) return;
    this.seen.add(run);
    this.due.add(run);
    this.working ??= this.work();
  }

  /** Resolves when everything was sent, or could not be: how a run has ended can be known after all that it recorded. */
  async finish(): Promise<void> {
    this.ending.abort();
    for (const run of this.seen) this.recorded(run);
    await this.working;
  }

  private async work(): Promise<void> {
    try {
      for (const run of this.due) {
        await sleep(pauseMilliseconds, undefined, { signal: this.ending.signal }).catch(() => undefined);
        // What is recorded from now on makes the run due again, behind the others.
        this.due.delete(run);
        await this.sender.send(run);
      }
    } catch (error) {
      this.failed = true;
      this.onFailure(error);
    } finally {
      this.working = null;
    }
  }
}
