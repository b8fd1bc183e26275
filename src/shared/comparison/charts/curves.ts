import type { ComparedRun, Comparison } from '../../comparison.ts';
import type { StepSeries } from '../../contract/experiments.ts';
import { metricTitle, type MetricName } from '../../metrics.ts';
import { mergeSeries, type BandKind } from '../../spread.ts';
import { axes, evaluationsOnAxis, stepsOnAxis, type Axis } from '../../charts/axes.ts';
import type { Band, Curve, LineChart } from '../../charts/chart.ts';
import { baselineStyleOf } from '../styles.ts';
import { smooth } from '../../charts/smooth.ts';
import { spreadTitle, type BandChoice, type CurveGroup } from '../groups.ts';
import type { BaselineRow } from '../rows.ts';
import { seriesTitle, sharedSeries } from './seriesNames.ts';

/** The curves of a comparison, as data. Means and bands come from all values; what is drawn is thinned out later. */

export interface CurveOptions {
  readonly axis: Axis;
  /** Of smoothing, 0 to 0.99. */
  readonly weight: number;
  readonly logY: boolean;
  readonly band: BandChoice;
  /** Of the chosen rows. */
  readonly groups: readonly CurveGroup[];
  readonly baselines: readonly BaselineRow[];
  /** By run; a run that is not there has no steps yet. */
  readonly series: ReadonlyMap<string, StepSeries>;
}

/** Values of one run, where they were measured and where that lies on the axis. */
interface RunValues {
  readonly steps: ArrayLike<number>;
  readonly x: ArrayLike<number>;
  readonly values: ArrayLike<number>;
}

/** A retrieval metric over training; the untrained encoder and BM25 are lines across. */
export function metricChart(metric: MetricName, options: CurveOptions): LineChart {
  const curves = options.groups.map((group) => metricCurve(group, metric, options));
  const end = curves.reduce((furthest, { x }) => Math.max(furthest, x[x.length - 1] ?? 0), 0);
  return {
    ...lineChart(metricTitle(metric), options),
    digits: 4,
    curves: [...baselineCurves(options.baselines, metric, end), ...curves],
  };
}

function metricCurve(group: CurveGroup, metric: MetricName, options: CurveOptions): Curve {
  const curve = {
    ...groupCurve(
      group,
      group.runs.map((run) => evaluationValues(run, metric, options)),
      options,
    ),
    marked: true,
  };
  const [run, ...others] = group.runs;
  const best = others.length === 0 ? bestPoint(run!, metric, options) : null;
  return best ? { ...curve, best } : curve;
}

function evaluationValues(run: ComparedRun, metric: MetricName, { axis }: CurveOptions): RunValues {
  const evaluations = [...beginning(run), ...run.evaluations.filter(({ step }) => step > 0)].filter(
    ({ metrics }) => metric in metrics,
  );
  return {
    steps: evaluations.map(({ step }) => step),
    x: evaluationsOnAxis(axis, evaluations, run.steps_per_epoch),
    values: evaluations.map(({ metrics }) => metrics[metric]!),
  };
}

/** A run that was not evaluated untrained begins where others of the same encoder did. */
function beginning({
  baseline,
}: ComparedRun): Pick<ComparedRun['evaluations'][number], 'step' | 'compute' | 'metrics'>[] {
  return baseline ? [{ step: 0, compute: { seconds: 0, documents: 0, tokens: 0 }, metrics: baseline.metrics }] : [];
}

function bestPoint(run: ComparedRun, metric: MetricName, options: CurveOptions): Curve['best'] | null {
  const { steps, x, values } = evaluationValues(run, metric, options);
  const best = Array.from(steps).indexOf(run.best[metric]?.step ?? NaN);
  return best >= 0 && Number.isFinite(x[best]) && Number.isFinite(values[best])
    ? { x: x[best]!, y: values[best]! }
    : null;
}

/** What was not trained: lines from the beginning to `end`, with their names. */
export function baselineCurves(baselines: readonly BaselineRow[], metric: MetricName, end: number): Curve[] {
  return baselines.flatMap(({ id, name, kind, metrics }): Curve[] => {
    const value = metrics?.[metric]?.mean;
    return value === undefined
      ? []
      : [
          {
            id,
            name,
            named: true,
            style: baselineStyleOf({ kind }),
            x: [0, end],
            y: [value, value],
          },
        ];
  });
}

/**
 * A value of every step. Losses of different kinds are never compared with each other, nor are
 * their batch metrics: such values have a chart for each recipe, with the seeds of it together.
 */
export function seriesCharts(comparison: Comparison, name: string, options: CurveOptions): LineChart[] {
  const title = seriesTitle(name);
  const curves = options.groups.flatMap((group): { group: CurveGroup; curve: Curve }[] => {
    const values = group.runs.flatMap((run) => stepValues(run, name, options));
    return values.length === 0 ? [] : [{ group, curve: groupCurve(group, values, options) }];
  });
  if (name in sharedSeries) return [{ ...lineChart(title, options), curves: curves.map(({ curve }) => curve) }];
  const recipeOf = (run: ComparedRun): string => comparison.recipes.find(({ runs }) => runs.includes(run.id))!.name;
  const byRecipe = Map.groupBy(curves, ({ group }) => recipeOf(group.runs[0]!));
  return [...byRecipe].map(([recipe, members]) => ({
    ...lineChart(`${title}, ${recipe}`, options),
    curves: members.map(({ curve }) => curve),
  }));
}

function stepValues(run: ComparedRun, name: string, { axis, series }: CurveOptions): RunValues[] {
  const found = series.get(run.id);
  const values = found?.columns[name];
  if (!found || !values || values.every(Number.isNaN)) return [];
  return [{ steps: found.steps, values, x: stepsOnAxis(axis, { ...found, stepsPerEpoch: run.steps_per_epoch }) }];
}

// --- One curve of several runs --------------------------------------------------------------------

function groupCurve(
  { id, name, style }: CurveGroup,
  runs: readonly RunValues[],
  { band, weight }: CurveOptions,
): Curve {
  const [only, ...others] = runs;
  if (band === 'runs' || others.length === 0)
    return { id, name, style, x: only?.x ?? [], ...smoothed(only?.values ?? [], weight) };
  return { id, name, style, ...meanWithBand(runs, band, weight) };
}

/** Step by step: seeds reach a step at about, not exactly, the same time, and stand at the mean of it. */
function meanWithBand(
  runs: readonly RunValues[],
  kind: BandKind,
  weight: number,
): Pick<Curve, 'x' | 'y' | 'raw' | 'band' | 'rawBand'> {
  const { steps: allSteps, mean, low, high, counts } = mergeSeries(runs, kind);
  const x = runs.every(({ steps, x: places }) => places === steps)
    ? allSteps
    : mergeSeries(
        runs.map(({ steps, x: values }) => ({ steps, values })),
        kind,
      ).mean;
  const band: Band = { low, high, counts };
  if (weight === 0) return { x, y: mean, band };
  return {
    x,
    ...smoothed(mean, weight),
    band: { low: smooth(low, weight), high: smooth(high, weight), counts },
    rawBand: band,
  };
}

function smoothed(values: ArrayLike<number>, weight: number): Pick<Curve, 'y' | 'raw'> {
  return weight === 0 ? { y: values } : { y: smooth(values, weight), raw: values };
}

function lineChart(title: string, { axis, logY, groups, band }: CurveOptions): Omit<LineChart, 'curves'> {
  return {
    kind: 'lines',
    title,
    xTitle: axes[axis].title,
    wholeX: axes[axis].whole,
    yTitle: '',
    logY,
    digits: null,
    ...spreadTitle(groups, band),
  };
}
