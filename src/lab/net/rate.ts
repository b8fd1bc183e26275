/** Number of seconds that the rate is averaged over. */
const windowSeconds = 5;

/** Rate of arriving bytes, from their number at several times. */
export class TransferRate {
  readonly #now: () => number;
  #seen: { readonly seconds: number; readonly done: number }[] = [];

  /** `now` in seconds, from a clock that never goes back. */
  constructor(now = (): number => performance.now() / 1000) {
    this.#now = now;
  }

  /** Records the number of bytes at a time. Fewer than before means that another download has begun. */
  note(done: number): void {
    const seconds = this.#now();
    if (done < (this.#seen.at(-1)?.done ?? 0)) this.#seen = [];
    this.#seen.push({ seconds, done });
    // One record from before the window stays, so that the window is always covered.
    while (this.#seen.length > 2 && this.#seen[1]!.seconds < seconds - windowSeconds) this.#seen.shift();
  }

  /** Null until there are enough records, and when nothing arrives. */
  get bytesPerSecond(): number | null {
    const [first, last] = [this.#seen[0], this.#seen.at(-1)];
    if (!first || !last || last.done === first.done) return null;
    // Silence counts, too, while it lasts.
    return (last.done - first.done) / Math.max(this.#now() - first.seconds, 0.001);
  }

  secondsLeft(total: number | null): number | null {
    const rate = this.bytesPerSecond;
    return rate === null || total === null ? null : (total - this.#seen.at(-1)!.done) / rate;
  }
}
