import type { ComparedRun, Comparison } from '../../../shared/comparison.ts';
import type { StepSeries } from '../../../shared/contract/experiments.ts';
import { metricDescriptions, type MetricName } from '../../../shared/metrics.ts';
import { axes, evaluationsOnAxis, stepsOnAxis, type Axis, type AxisSource } from '../../charts/axes.ts';
import type { BarChart, BarSeries, Curve, LineChart } from '../../charts/chart.ts';
import { baselineStyle, type LineStyle } from '../../charts/palette.ts';
import { smooth } from '../../charts/smooth.ts';

/** The charts of a comparison, as data. */

export interface CurveOptions {
  readonly axis: Axis;
  /** Of smoothing, 0 to 0.99. */
  readonly weight: number;
  readonly logY: boolean;
  /** Ids of rows: runs, and `baseline/<name>`. */
  readonly chosen: ReadonlySet<string>;
  readonly styles: ReadonlyMap<string, LineStyle>;
  /** By run; a run that is not there has no steps yet. */
  readonly series: ReadonlyMap<string, StepSeries>;
}

const noSteps = { steps: new Float64Array(), columns: {} };

function sourceOf(run: ComparedRun, { series }: CurveOptions): AxisSource {
  const { steps, columns } = series.get(run.id) ?? noSteps;
  return { steps, columns, stepsPerEpoch: run.steps_per_epoch };
}

/** A retrieval metric of all chosen runs over their training, the untrained encoder as a dashed line. */
export function metricChart(comparison: Comparison, metric: MetricName, options: CurveOptions): LineChart {
  const { title } = metricDescriptions.find(({ name }) => name === metric)!;
  const curves = chosenRuns(comparison, options).map((run) => metricCurve(run, metric, options));
  return { ...lineChart(title, options), digits: 4, curves: [...baselineCurves(comparison, metric, curves, options), ...curves] };
}

function metricCurve(run: ComparedRun, metric: MetricName, options: CurveOptions): Curve {
  const evaluations = run.evaluations.filter(({ metrics }) => metric in metrics);
  const x = evaluationsOnAxis(options.axis, evaluations, sourceOf(run, options));
  const values = evaluations.map(({ metrics }) => metrics[metric]!);
  const best = evaluations.findIndex(({ step }) => step === run.best[metric]?.step);
  return {
    ...smoothed(values, options.weight),
    id: run.id,
    name: run.name,
    style: options.styles.get(run.id)!,
    x,
    marked: true,
    ...(best >= 0 && Number.isFinite(x[best]) && Number.isFinite(values[best]) && { best: { x: x[best]!, y: values[best]! } }),
  };
}

/** From the beginning to where the longest run ends. */
function baselineCurves({ baselines }: Comparison, metric: MetricName, curves: readonly Curve[], { chosen }: CurveOptions): Curve[] {
  const end = curves.reduce((furthest, { x }) => Math.max(furthest, x[x.length - 1] ?? 0), 0);
  return baselines
    .filter(({ name, metrics }) => chosen.has(`baseline/${name}`) && metrics[metric] !== undefined)
    .map(({ name, metrics }) => ({ id: `baseline/${name}`, name, style: baselineStyle, x: [0, end], y: [metrics[metric]!, metrics[metric]!] }));
}

/** What is measured in the same unit whatever the loss; everything else is the loss's own. */
const sharedSeries: Readonly<Record<string, string>> = {
  gradient_norm: 'Gradient norm',
  learning_rate: 'Learning rate',
  step_seconds: 'Seconds per step',
  tokens: 'Tokens per step',
};

/** What a screen does not offer as a curve: it is what others are drawn against. */
const axisSeries = ['documents', 'training_seconds'];

export function seriesTitle(name: string): string {
  return sharedSeries[name] ?? (name === 'loss' ? 'Training loss' : `Batch metric: ${name.replaceAll('_', ' ')}`);
}

/** Names that can be drawn, the loss first. */
export function drawableSeries(names: readonly string[]): string[] {
  const order = ['loss', ...Object.keys(sharedSeries)];
  const rank = (name: string): number => (order.includes(name) ? order.indexOf(name) : order.length);
  return names.filter((name) => !axisSeries.includes(name)).sort((a, b) => rank(a) - rank(b) || a.localeCompare(b));
}

/**
 * A value of every step. Losses of different kinds are never compared with each other, nor are
 * their batch metrics: such values have a chart for each recipe, with the seeds of it together.
 */
export function seriesCharts(comparison: Comparison, name: string, options: CurveOptions): LineChart[] {
  const title = seriesTitle(name);
  const curves = new Map(chosenRuns(comparison, options).flatMap((run): [ComparedRun, Curve][] => {
    const column = options.series.get(run.id)?.columns[name];
    if (!column || column.every(Number.isNaN)) return [];
    const x = stepsOnAxis(options.axis, sourceOf(run, options));
    return [[run, { ...smoothed(column, options.weight), id: run.id, name: run.name, style: options.styles.get(run.id)!, x }]];
  }));
  if (name in sharedSeries) return [{ ...lineChart(title, options), curves: [...curves.values()] }];
  const byRecipe = Map.groupBy(curves.keys(), ({ recipe }) => JSON.stringify(recipe));
  return [...byRecipe.values()].map((runs) => ({
    ...lineChart(`${title}, ${recipeName(runs)}`, options),
    curves: runs.map((run) => curves.get(run)!),
  }));
}

function recipeName([first, ...others]: readonly ComparedRun[]): string {
  return others.length === 0 ? first!.name : first!.configuration.name;
}

/** Metrics of the chosen rows as bars, at the best or the last evaluation of each run. */
export function metricBars(comparison: Comparison, metrics: readonly MetricName[], at: 'best' | 'last', { chosen, styles }: Pick<CurveOptions, 'chosen' | 'styles'>): BarChart {
  const baselines = comparison.baselines.map(({ name, metrics: values }): BarSeries => ({
    id: `baseline/${name}`, name, style: baselineStyle, values: metrics.map((metric) => values[metric] ?? NaN),
  }));
  const runs = comparison.runs.map((run): BarSeries => ({
    id: run.id, name: run.name, style: styles.get(run.id)!,
    values: metrics.map((metric) => (at === 'best' ? run.best[metric]?.value : run.last[metric]) ?? NaN),
  }));
  return {
    kind: 'bars',
    title: at === 'best' ? 'Metrics at their best evaluation' : 'Metrics at the last evaluation',
    yTitle: '',
    digits: 4,
    groups: metrics.map((metric) => metricDescriptions.find(({ name }) => name === metric)!.title),
    bars: [...baselines, ...runs].filter(({ id, values }) => chosen.has(id) && values.some(Number.isFinite)),
  };
}

function lineChart(title: string, { axis, logY }: CurveOptions): Omit<LineChart, 'curves'> {
  return { kind: 'lines', title, xTitle: axes[axis].title, wholeX: axes[axis].whole, yTitle: '', logY, digits: null };
}

function chosenRuns({ runs }: Comparison, { chosen }: CurveOptions): ComparedRun[] {
  return runs.filter(({ id }) => chosen.has(id));
}

function smoothed(values: ArrayLike<number>, weight: number): Pick<Curve, 'y' | 'raw'> {
  return weight === 0 ? { y: values } : { y: smooth(values, weight), raw: values };
}
