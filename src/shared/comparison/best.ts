import type { MetricName } from '../metrics.ts';
import { spreadOf, type Spread } from '../spread.ts';
import type { Row, RowsBy } from './rows.ts';

/** Which evaluation stands for a run: one rule for every table, chart and file. */
export type Moment = 'best' | 'last';

/**
 * A run by itself is shown where it was best, each metric at its own evaluation, with the step of it. Seeds that are one
 * recipe are shown at their last evaluations, as the verdict judges them: the best of each would be chosen by the
 * questions that it is judged by.
 */
export function momentOf(by: RowsBy): Moment {
  return by === 'run' ? 'best' : 'last';
}

export const momentTitles: Readonly<Record<Moment, string>> = {
  best: 'Each metric at its best evaluation',
  last: 'At the last evaluation of each run',
};

/** A metric of a row; null where it was not measured. */
export function metricOf(row: Row, metric: MetricName, moment: Moment): Spread | null {
  switch (row.kind) {
    case 'recipe':
      return row.recipe[moment][metric] ?? null;
    case 'run':
      return spreadOf([runMetric(row.run, metric, moment) ?? NaN]);
    default:
      return row.metrics?.[metric] ?? null;
  }
}

/** As it was measured, which may be no number; null where it was not. */
export function runMetric({ best, last }: Row['runs'][number], metric: MetricName, moment: Moment): number | null {
  return (moment === 'best' ? best[metric]?.value : last[metric]) ?? null;
}
