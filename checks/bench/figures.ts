/** The results of `npm run bench`. */

export interface Figure {
  readonly what: string;
  readonly found: string;
  /** The goal of the project; empty if there is none. */
  readonly goal: string;
  readonly reached: boolean | null;
}

/** A figure without a goal. */
export function plain(what: string, found: string): Figure {
  return { what, found, goal: '', reached: null };
}

export function atLeast(what: string, value: number, goal: number, found = ratio(value)): Figure {
  return { what, found, goal: `at least ${goal}`, reached: value >= goal };
}

export function atMost(what: string, value: number, goal: number, found = ratio(value)): Figure {
  return { what, found, goal: `at most ${goal}`, reached: value <= goal };
}

/** Below a limit with a unit. */
export function under(what: string, value: number, limit: number, unit: string, found = value.toFixed(0)): Figure {
  return { what, found: `${found} ${unit}`, goal: `under ${limit} ${unit}`, reached: value < limit };
}

function ratio(value: number): string {
  return value.toFixed(value < 10 ? 2 : 0);
}

export function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(2)} GB`;
}

export function percent(share: number): string {
  return `${(100 * share).toFixed(0)}%`;
}

export function milliseconds(seconds: number): string {
  return `${(1000 * seconds).toFixed(seconds < 0.01 ? 1 : 0)} ms`;
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The smallest value that at least the given share of the values does not exceed. */
export function quantile(values: readonly number[], share: number): number {
  if (values.length === 0) throw new RangeError('A quantile needs at least one value.');
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!;
}

/**
 * The exponent b of the best-fitting power law y = a · x^b: the slope of a line through the logarithms, by least
 * squares.
 */
export function exponent(points: readonly (readonly [x: number, y: number])[]): number {
  if (points.length < 2 || points.some(([x, y]) => !(x > 0 && y > 0)))
    throw new RangeError('An exponent needs at least two points, all above 0.');
  const logs = points.map(([x, y]) => [Math.log(x), Math.log(y)] as const);
  const mean = (axis: 0 | 1): number => logs.reduce((sum, point) => sum + point[axis], 0) / logs.length;
  const [meanX, meanY] = [mean(0), mean(1)];
  const spread = logs.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  return logs.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0) / spread;
}
