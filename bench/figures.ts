/** What `npm run bench` finds. */

export interface Figure {
  readonly what: string;
  readonly found: string;
  /** What the project aims at; empty where there is no aim. */
  readonly goal: string;
  readonly reached: boolean | null;
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The smallest of the values that as great a share of them does not exceed. */
export function quantile(values: readonly number[], share: number): number {
  if (values.length === 0) throw new RangeError('There is no quantile of nothing.');
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!;
}
