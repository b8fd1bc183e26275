/** Of how many seconds the rate is an average. */
const windowSeconds = 5;

/** How fast bytes arrive, from how many there were at what time. */
export class TransferRate {
  readonly #now: () => number;
  #seen: { readonly seconds: number; readonly done: number }[] = [];

  /** `now` in seconds, from a clock that never goes back. */
  constructor(now = (): number => performance.now() / 1000) {
    this.#now = now;
  }

  /** Takes note of how many bytes are there. Fewer than before: something else has begun. */
  note(done: number): void {
    const seconds = this.#now();
    if (done < (this.#seen.at(-1)?.done ?? 0)) this.#seen = [];
    this.#seen.push({ seconds, done });
    // One from before the window stays, so that there is always a whole window to look at.
    while (this.#seen.length > 2 && this.#seen[1]!.seconds < seconds - windowSeconds) this.#seen.shift();
  }

  /** Null until there is something to tell it from, and when nothing arrives. */
  get bytesPerSecond(): number | null {
    const [first, last] = [this.#seen[0], this.#seen.at(-1)];
    if (!first || !last || last.done === first.done) return null;
    // Silence counts, too: it is told at once, not when it is over.
    return (last.done - first.done) / Math.max(this.#now() - first.seconds, 0.001);
  }

  secondsLeft(total: number | null): number | null {
    const rate = this.bytesPerSecond;
    return rate === null || total === null ? null : (total - this.#seen.at(-1)!.done) / rate;
  }
}
