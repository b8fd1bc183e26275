import { metricTitle, type MetricName } from '../../metrics.ts';
import { bandOf, spreadOf, type Spread } from '../../spread.ts';
import type { Band, BarChart, BarSeries } from '../../charts/chart.ts';
import { baselineStyleOf } from '../styles.ts';
import { runMetric, type Moment } from '../best.ts';
import { spreadTitle, type BandChoice, type CurveGroup } from '../groups.ts';
import type { BaselineRow } from '../rows.ts';

/** Metrics of the chosen rows as bars, at the best or the last evaluation of each run, with error bars over seeds. */
export function metricBars(
  metrics: readonly MetricName[],
  at: Moment,
  {
    groups,
    baselines,
    band,
  }: { readonly groups: readonly CurveGroup[]; readonly baselines: readonly BaselineRow[]; readonly band: BandChoice },
): BarChart {
  const ofBaselines = baselines
    .filter((row) => mayHave(row, metrics))
    .map(({ id, name, kind, metrics: values }): BarSeries => ({
      id,
      name,
      style: baselineStyleOf({ kind }),
      values: metrics.map((metric) => values?.[metric]?.mean ?? NaN),
    }));
  const ofGroups = groups.map(({ id, name, style, runs }): BarSeries => {
    const spreads = metrics.map((metric) => spreadOf(runs.map((run) => runMetric(run, metric, at) ?? NaN)));
    return {
      id,
      name,
      style,
      values: spreads.map((spread) => spread?.mean ?? NaN),
      ...(band !== 'runs' && runs.length > 1 && { band: errorBars(spreads, band) }),
    };
  });
  return {
    kind: 'bars',
    title: at === 'best' ? 'Metrics at their best evaluation' : 'Metrics at the last evaluation',
    yTitle: '',
    digits: 4,
    groups: metrics.map(metricTitle),
    bars: [...ofBaselines, ...ofGroups],
    ...spreadTitle(groups, band),
  };
}

/** One that is being computed keeps its place. */
function mayHave({ metrics: known }: BaselineRow, metrics: readonly MetricName[]): boolean {
  return known === null || metrics.some((metric) => known[metric] !== undefined);
}

function errorBars(spreads: readonly (Spread | null)[], kind: Exclude<BandChoice, 'runs'>): Band {
  const ranges = spreads.map((spread) => spread && bandOf(spread, kind));
  return {
    low: ranges.map((range) => range?.low ?? NaN),
    high: ranges.map((range) => range?.high ?? NaN),
    counts: spreads.map((spread) => spread?.count ?? 0),
  };
}
