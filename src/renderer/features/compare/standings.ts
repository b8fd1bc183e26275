import type { Comparison } from '../../../shared/comparison.ts';
import type { Compute } from '../../../shared/compute.ts';
import { leaderboard } from '../../../shared/leaderboard.ts';
import type { MetricName } from '../../../shared/metrics.ts';
import type { Spread } from '../../../shared/spread.ts';
import type { PairVerdict, Verdict, VerdictPoint } from '../../../shared/verdict.ts';
import { formatDecimal } from '../../../shared/format.ts';
import { recipeRowId, type BaselineRow } from '../../../shared/comparison/rows.ts';

/** A line of the leaderboard. */
export interface Standing {
  /** Of the row that has its colour. */
  readonly id: string;
  readonly name: string;
  readonly value: Spread | null;
  /** What its runs had spent; null for baselines. */
  readonly compute: Compute | null;
}

/** Recipes and baselines by their mean, highest first; what has no value is last. */
export function standingsOf(
  judged: Pick<Comparison, 'recipes' | 'runs'>,
  baselines: readonly BaselineRow[],
  metric: MetricName,
  point: VerdictPoint,
): Standing[] {
  const recipes = leaderboard(judged, metric, point).map(({ name, value, compute }): Standing => ({
    id: recipeRowId({ name }),
    name,
    value,
    compute,
  }));
  const others = baselines.map(({ id, name, metrics }): Standing => ({
    id,
    name,
    value: metrics?.[metric] ?? null,
    compute: null,
  }));
  return [...recipes, ...others].sort((a, b) => (b.value?.mean ?? -1) - (a.value?.mean ?? -1));
}

/** How far a contestant is behind the first, and whether that is more than chance; null for the first, and before the verdict is there. */
export function againstFirst(
  verdict: Verdict | null,
  first: string,
  name: string,
): { readonly text: string; readonly detectable: boolean } | null {
  const place = (wanted: string): number =>
    verdict?.contestants.findIndex((contestant) => contestant.name === wanted) ?? -1;
  const [a, b] = [place(first), place(name)];
  const pair = verdict?.pairs.find((each) => (each.a === a && each.b === b) || (each.a === b && each.b === a));
  if (!pair) return null;
  const { low, high, difference } = pair.a === a ? pair : turned(pair);
  const range = `${formatDecimal(low, 3)} to ${formatDecimal(high, 3)}`;
  return {
    text: pair.detectable
      ? `behind by ${formatDecimal(difference, 3)} (${range})`
      : `no detectable difference (${range})`,
    detectable: pair.detectable,
  };
}

function turned({ low, high, difference }: PairVerdict): Pick<PairVerdict, 'low' | 'high' | 'difference'> {
  return { low: -high, high: -low, difference: -difference };
}
