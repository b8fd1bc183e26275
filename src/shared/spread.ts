import { studentT975 } from './studentT.ts';

/**
 * The spread of values of several runs (usually seeds) around their mean. Figures that need two values are null for
 * one.
 */
export interface Spread {
  readonly count: number;
  readonly mean: number;
  /** Sample standard deviation: divides by count − 1. */
  readonly deviation: number | null;
  readonly standardError: number | null;
  /** 95 % interval of the mean, by Student's t, which is wide for few values. */
  readonly interval95: Range | null;
  readonly minimum: number;
  readonly maximum: number;
}

export interface Range {
  readonly low: number;
  readonly high: number;
}

/** Kinds of bands around a mean. */
export const bandKinds = ['std', 'stderr', 'ci95', 'range'] as const;
export type BandKind = (typeof bandKinds)[number];

export const bandTitles: Readonly<Record<BandKind, string>> = {
  std: 'standard deviation',
  stderr: 'standard error',
  ci95: '95 % interval',
  range: 'minimum to maximum',
};

/** NaN for no values. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}

/** The spread of the finite values; `count` is their number. Null if there are none. */
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

/** The edges of a band; null for a single value. */
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

/** The values of one run at its steps, ascending; NaN if a step has none. */
export interface RunSeries {
  readonly steps: ArrayLike<number>;
  readonly values: ArrayLike<number>;
}

/** The mean of several runs, step by step, as long as the longest run. */
export interface MergedSeries {
  readonly steps: Float64Array;
  readonly mean: Float64Array;
  /** NaN if a step has only one value. */
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** Number of runs with a finite value there. */
  readonly counts: Float64Array;
}

/**
 * Mean and band over runs at every step of any run, computed before points are thinned for drawing. If a run ended
 * early, `counts` says how many runs the mean includes.
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
