/** What `npm run bench` finds, and how the results of several days become one file. */

export interface Figure {
  readonly what: string;
  readonly found: string;
  /** What the project aims at; empty where there is no aim. */
  readonly goal: string;
  readonly reached: boolean | null;
}

/** Where a figure comes from: parts are measured on different days. */
export interface Circumstances {
  readonly date: string;
  readonly commit: string;
  readonly machine: string;
  readonly node: string;
  /** Programs that wanted a processor when the part began, the average of a minute; null where it was not noted. */
  readonly load: number | null;
}

export interface PartResult extends Circumstances {
  readonly part: string;
  readonly figures: readonly Figure[];
}

/** The results with those of a part in the place of its earlier ones, in the order of `parts`. */
export function withPart(results: readonly PartResult[], result: PartResult, parts: readonly string[]): PartResult[] {
  return [...results.filter(({ part }) => part !== result.part), result].sort((a, b) => parts.indexOf(a.part) - parts.indexOf(b.part));
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
