import type { Histogram } from '../../shared/contract/datasets.ts';

const mostBins = 24;

/** How often each value occurs. */
export class ValueCounts {
  readonly #counts = new Map<number, number>();
  #total = 0;

  add(value: number): void {
    this.#counts.set(value, (this.#counts.get(value) ?? 0) + 1);
    this.#total++;
  }

  /**
   * Bins of equal, round width from the 1st percentile to the 99th; values outside are counted in
   * the outermost bins, so that one very popular answer does not flatten all the others.
   */
  histogram(): Histogram {
    if (this.#total === 0) return { edges: [0, 1], counts: [0] };
    const ascending = [...this.#counts].sort(([a], [b]) => a - b);
    const [lowest, highest] = [this.#quantile(ascending, 0.01), this.#quantile(ascending, 0.99)];
    const whole = ascending.every(([value]) => Number.isInteger(value));
    const width = roundWidth((highest - lowest) / mostBins, whole);
    const first = Math.floor(lowest / width);
    const bins = Math.floor(highest / width) - first + 1;
    const counts = new Array<number>(bins).fill(0);
    for (const [value, count] of ascending) {
      const bin = Math.min(bins - 1, Math.max(0, Math.floor(value / width) - first));
      counts[bin]! += count;
    }
    return { edges: Array.from({ length: bins + 1 }, (_, i) => exact((first + i) * width)), counts };
  }

  #quantile(ascending: readonly (readonly [number, number])[], share: number): number {
    let left = share * this.#total;
    for (const [value, count] of ascending) {
      left -= count;
      if (left <= 0) return value;
    }
    return ascending.at(-1)![0];
  }
}

export function histogramOf(values: Iterable<number>): Histogram {
  const counts = new ValueCounts();
  for (const value of values) counts.add(value);
  return counts.histogram();
}

/** The next of 1, 2, 5, 10, 20, … (and their tenths, if values are not whole numbers). */
function roundWidth(atLeast: number, whole: boolean): number {
  if (whole && atLeast <= 1) return 1;
  if (atLeast === 0) return 1;
  const magnitude = 10 ** Math.floor(Math.log10(atLeast));
  const factor = [1, 2, 5, 10].find((candidate) => candidate * magnitude >= atLeast * (1 - 1e-9))!;
  return exact(factor * magnitude);
}

/** Without the last digits that binary fractions leave behind. */
function exact(value: number): number {
  return Number(value.toPrecision(12));
}
