import type { RunView, WatchedEvaluation } from '../../../shared/contract/experiments.ts';
import { metricDescriptions, metricTitle, type MetricName } from '../../../shared/metrics.ts';
import type { Curve, LineChart } from '../../../shared/charts/chart.ts';
import { untrainedStyle, seriesStyle } from '../../../shared/charts/palette.ts';
import type { LiveExperiment } from './liveExperiment.ts';
import type { RunCurves } from './runCurves.ts';

/** The charts of an experiment in training, as data. */

const titles = {
  loss: 'Training loss',
  gradient_norm: 'Gradient norm',
  learning_rate: 'Learning rate',
  zero_loss: 'Share of examples with zero loss',
} as const;
export type LiveSeries = keyof typeof titles;

/** What charts need to know of a run; the same object for as long as none of it changes. */
export interface ChartedRun {
  readonly id: string;
  /** With its seed where the recipe is trained with several. */
  readonly name: string;
  /** To do; null before training has started. */
  readonly steps: number | null;
}

/** `before` again where nothing of it has changed, so that what is made from it need not be made anew. */
export function chartedRuns(runs: readonly RunView[], before?: readonly ChartedRun[]): readonly ChartedRun[] {
  const now = runs.map((run) => ({ id: run.id, name: nameAmong(runs, run), steps: run.start?.steps ?? null }));
  const same =
    before?.length === now.length &&
    now.every(
      ({ id, name, steps }, i) => id === before[i]!.id && name === before[i]!.name && steps === before[i]!.steps,
    );
  return same ? before : now;
}

export function nameAmong(runs: readonly RunView[], run: RunView): string {
  return runs.filter(({ name }) => name === run.name).length > 1 ? `${run.name}, seed ${run.seed}` : run.name;
}

/**
 * Makes charts of single runs: losses of different kinds never share an axis, so each run has its
 * own. A run without news has the same chart again, and its drawing is left alone.
 */
export class RunCharts {
  readonly #made = new Map<
    string,
    { readonly curves: RunCurves | undefined; readonly version: number; readonly chart: LineChart }
  >();

  chart(
    live: LiveExperiment,
    runs: readonly ChartedRun[],
    id: string,
    name: LiveSeries,
    title: string = titles[name],
  ): LineChart {
    const key = `${id}/${name}/${title}`;
    const curves = live.curves.get(id);
    const version = curves?.version ?? 0;
    const made = this.#made.get(key);
    if (made && made.curves === curves && made.version === version) return made.chart;
    const index = runs.findIndex((run) => run.id === id);
    const curve: Curve[] = curves
      ? [{ id, name: runs[index]!.name, style: seriesStyle(index), x: curves.steps, y: curves.column(name) }]
      : [];
    const chart = { ...stepChart(title, null), curves: curve };
    this.#made.set(key, { curves, version, chart });
    return chart;
  }
}

/** A retrieval metric of all runs, which may be compared whatever their losses. The untrained encoder is the dashed line. */
export function liveMetricChart(
  runs: readonly ChartedRun[],
  evaluations: LiveExperiment['evaluations'],
  metric: MetricName,
): LineChart {
  const curves = runs.flatMap(({ id, name }, index): Curve[] => {
    const measured = (evaluations.get(id) ?? []).filter(({ metrics }) => metric in metrics);
    if (measured.length === 0) return [];
    return [
      {
        id,
        name,
        style: seriesStyle(index),
        marked: true,
        x: measured.map(({ step }) => step),
        y: measured.map(({ metrics }) => metrics[metric]!),
      },
    ];
  });
  const untrained = all(evaluations).find(({ step }) => step === 0)?.metrics[metric];
  const end = runs.reduce((most, { steps }) => Math.max(most, steps ?? 0), 1);
  const baseline: Curve[] =
    untrained === undefined
      ? []
      : [{ id: 'baseline', name: 'untrained', style: untrainedStyle, x: [0, end], y: [untrained, untrained] }];
  return { ...stepChart(metricTitle(metric), 4), curves: [...baseline, ...curves] };
}

/** The metrics measured so far, in the order in which tables show them. */
export function measuredMetrics(evaluations: LiveExperiment['evaluations']): MetricName[] {
  const names = new Set(all(evaluations).flatMap(({ metrics }) => Object.keys(metrics)));
  return metricDescriptions.map(({ name }) => name).filter((name) => names.has(name));
}

function all(evaluations: LiveExperiment['evaluations']): WatchedEvaluation[] {
  return [...evaluations.values()].flat();
}

function stepChart(title: string, digits: number | null): Omit<LineChart, 'curves'> {
  return { kind: 'lines', title, xTitle: 'Step', wholeX: true, yTitle: '', logY: false, digits };
}
