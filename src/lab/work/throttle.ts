import type { Progress } from '../../shared/progress.ts';

const progressMilliseconds = 100;

/** Passes on what is worth showing: every new message, its end, and ten times a second what lies between. */
export function throttled(show: (progress: Progress) => void): (progress: Progress) => void {
  let shown: { readonly message: string; readonly at: number } | null = null;
  return (progress) => {
    const { message, done, total } = progress;
    const now = performance.now();
    if (shown?.message === message && done < total && now - shown.at < progressMilliseconds) return;
    shown = { message, at: now };
    show(progress);
  };
}

/** An action that is wanted often and done now and then: at once after a pause, else when the interval is over. */
export class Paced {
  readonly #milliseconds: number;
  readonly #action: () => void;
  #timer: NodeJS.Timeout | undefined;
  #last = -Infinity;

  constructor(milliseconds: number, action: () => void) {
    this.#milliseconds = milliseconds;
    this.#action = action;
  }

  /** Does it soon, however often it is asked until then. */
  soon(): void {
    this.#timer ??= setTimeout(() => this.now(), Math.max(0, this.#last + this.#milliseconds - performance.now()));
  }

  now(): void {
    this.stop();
    this.#last = performance.now();
    this.#action();
  }

  /** What is due is not done. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
