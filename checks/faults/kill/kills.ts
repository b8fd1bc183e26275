import { lineOf, type FaultLine } from '../lines.ts';

/** The kills of a line: what each one lost, and the moment of the kill. */
export class Kills {
  readonly #what: string;
  readonly #outcomes: (string | null)[] = [];
  readonly #moments = new Map<string, number>();

  constructor(what: string) {
    this.#what = what;
  }

  get count(): number {
    return this.#outcomes.length;
  }

  /** `loss` is null if nothing was lost. */
  add(moment: string, loss: string | null): void {
    this.#moments.set(moment, (this.#moments.get(moment) ?? 0) + 1);
    this.#outcomes.push(loss === null ? null : `${this.#what}, kill ${this.count + 1}, ${moment}: ${loss}`);
  }

  /**
   * A loss that shows later, such as at the end of a run that was killed several times; it counts for the last kill.
   */
  blameLast(loss: string | null): void {
    if (loss !== null) this.#outcomes[this.count - 1] ??= `${this.#what}, kill ${this.count}: ${loss}`;
  }

  line(): FaultLine {
    const moments = [...this.#moments].sort(([, a], [, b]) => b - a).map(([moment, count]) => `${moment} ${count}`);
    return lineOf(this.#what, this.#outcomes, moments.join(', '));
  }
}
