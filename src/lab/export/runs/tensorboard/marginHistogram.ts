import { marginBins } from '../../../../shared/diagnostics.ts';
import type { Histogram } from './schema.ts';

/**
 * The margins of an evaluation, without the empty bins at both ends; sums use the middles of bins. Null if there are no
 * margins.
 */
export function marginHistogram(counts: readonly number[]): Histogram | null {
  const first = counts.findIndex((count) => count > 0);
  if (first < 0) return null;
  const last = counts.findLastIndex((count) => count > 0);
  const { from, width } = marginBins;
  const held = counts.slice(first, last + 1);
  const total = (measure: (middle: number) => number): number =>
    held.reduce((sum, count, i) => sum + count * measure(from + (first + i + 0.5) * width), 0);
  return {
    minimum: from + first * width,
    maximum: from + (last + 1) * width,
    number: total(() => 1),
    sum: total((middle) => middle),
    sumOfSquares: total((middle) => middle ** 2),
    limits: held.map((_, i) => from + (first + i + 1) * width),
    counts: held,
  };
}
