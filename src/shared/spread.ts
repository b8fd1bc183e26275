import { studentT975 } from './studentT.ts';

/** How values of several runs (seeds, mostly) lie around their mean. What needs two values is null where there is one. */
export interface Spread {
  readonly count: number;
  readonly mean: number;
  /** Standard deviation of a sample: divided by count − 1. */
  readonly deviation: number | null;
  readonly standardError: number | null;
  /** 95 % interval of the mean, by Student's t: as wide as so few values make it. */
  readonly interval95: Range | null;
  readonly minimum: number;
  readonly maximum: number;
}

export interface Range {
  readonly low: number;
  readonly high: number;
}

/** What a band around a mean can show. */
export const bandKinds = ['std', 'stderr', 'ci95', 'range'] as const;
export type BandKind = (typeof bandKinds)[number];

export const bandTitles: Readonly<Record<BandKind, string>> = {
  std: 'standard deviation',
  stderr: 'standard error',
  ci95: '95 % interval',
  range: 'minimum to maximum',
};

/** NaN of none. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}

/** Of the finite values, whose number `count` tells; null where there is none. */
export function spreadOf(values: Iterable<number>): Spread | null {
  const finite = [...values].filter(Number.isFinite);
  if (finite.length === 0) return null;
  const count = finite.length;
  const mean = finite.reduce((sum, value) => sum + value, 0) / count;
  const common = { count, mean, minimum: Math.min(...finite), maximum: Math.max(...finite) };
  if (count === 1) return { ...common, deviation: null, standardError: null, interval95: null };
  const deviation = Math.sqrt(finite.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1));
  const standardError = deviation / Math.sqrt(count);
  const reach = studentT975(count - 1) * standardError;
  return { ...common, deviation, standardError, interval95: { low: mean - reach, high: mean + reach } };
}

/** The edges of a band; null where there is one value only. */
export function bandOf(
  { count, mean, deviation, standardError, interval95, minimum, maximum }: Spread,
  kind: BandKind,
): Range | null {
  if (count < 2) return null;
  switch (kind) {
    case 'std':
      return { low: mean - deviation!, high: mean + deviation! };
    case 'stderr':
      return { low: mean - standardError!, high: mean + standardError! };
    case 'ci95':
      return interval95;
    case 'range':
      return { low: minimum, high: maximum };
  }
}

/** A value of one run at each of its steps, ascending; NaN where a step has none. */
export interface RunSeries {
  readonly steps: ArrayLike<number>;
  readonly values: ArrayLike<number>;
}

/** Several runs as one, step by step: as long as the longest of them. */
export interface MergedSeries {
  readonly steps: Float64Array;
  readonly mean: Float64Array;
  /** NaN where a step has one value only. */
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** How many runs have a finite value there. */
  readonly counts: Float64Array;
}

/**
 * Mean and band over runs at every step that any of them has: computed before anything is thinned out for a drawing.
 * Where one run ended before the others, `counts` tells over how many the mean goes.
 */
export function mergeSeries(runs: readonly RunSeries[], kind: BandKind): MergedSeries {
  const steps = Float64Array.from(new Set(runs.flatMap(({ steps: own }) => Array.from(own)))).sort();
  const [mean, low, high, counts] = [
    new Float64Array(steps.length),
    new Float64Array(steps.length),
    new Float64Array(steps.length),
    new Float64Array(steps.length),
  ];
  const places = runs.map(() => 0);
  steps.forEach((step, row) => {
    const here: number[] = [];
    for (const [run, { steps: own, values }] of runs.entries()) {
      if (own[places[run]!] === step) here.push(values[places[run]!++]!);
    }
    const spread = spreadOf(here);
    const band = spread && bandOf(spread, kind);
    mean[row] = spread?.mean ?? NaN;
    low[row] = band?.low ?? NaN;
    high[row] = band?.high ?? NaN;
    counts[row] = spread?.count ?? 0;
  });
  return { steps, mean, low, high, counts };
}
