import type { RunView } from '../../../shared/contract/experiments.ts';
import { metricDescriptions, type MetricName } from '../../../shared/metrics.ts';
import type { Curve, LineChart } from '../../charts/chart.ts';
import { baselineStyle, lineStyle } from '../../charts/palette.ts';
import type { LiveExperiment } from './liveExperiment.ts';

/** The charts of an experiment in training, as data. */

const titles = { loss: 'Training loss', gradient_norm: 'Gradient norm', learning_rate: 'Learning rate' } as const;
export type LiveSeries = keyof typeof titles;

/** One value of the steps of one run. Losses of different kinds never share an axis, so each run has its own. */
export function runChart(live: LiveExperiment, run: RunView, name: LiveSeries, title: string = titles[name]): LineChart {
  const curves = live.curves.get(run.id);
  const index = live.experiment.runList.findIndex(({ id }) => id === run.id);
  const curve: Curve[] = curves ? [{ id: run.id, name: run.name, style: lineStyle(index), x: curves.steps, y: curves.column(name) }] : [];
  return { ...stepChart(title, null), curves: curve };
}

/** A retrieval metric of all runs, which may be compared whatever their losses. The untrained encoder is the dashed line. */
export function liveMetricChart(live: LiveExperiment, metric: MetricName): LineChart {
  const curves = live.experiment.runList.flatMap((run, index): Curve[] => {
    const evaluations = (live.evaluations.get(run.id) ?? []).filter(({ metrics }) => metric in metrics);
    if (evaluations.length === 0) return [];
    return [{ id: run.id, name: nameAmong(live.experiment.runList, run), style: lineStyle(index), marked: true, x: evaluations.map(({ step }) => step), y: evaluations.map(({ metrics }) => metrics[metric]!) }];
  });
  const untrained = [...live.evaluations.values()].flat().find(({ step }) => step === 0)?.metrics[metric];
  const end = live.experiment.runList.reduce((most, { start }) => Math.max(most, start?.steps ?? 0), 1);
  const baseline: Curve[] = untrained === undefined ? [] : [{ id: 'baseline', name: 'untrained', style: baselineStyle, x: [0, end], y: [untrained, untrained] }];
  return { ...stepChart(metricDescriptions.find(({ name }) => name === metric)!.title, 4), curves: [...baseline, ...curves] };
}

/** The metrics measured so far. */
export function measuredMetrics(live: LiveExperiment): MetricName[] {
  const names = new Set([...live.evaluations.values()].flat().flatMap(({ metrics }) => Object.keys(metrics)));
  return metricDescriptions.map(({ name }) => name).filter((name) => names.has(name));
}

/** With its seed where the recipe is trained with several. */
export function nameAmong(runs: readonly RunView[], run: RunView): string {
  return runs.filter(({ name }) => name === run.name).length > 1 ? `${run.name}, seed ${run.seed}` : run.name;
}

function stepChart(title: string, digits: number | null): Omit<LineChart, 'curves'> {
  return { kind: 'lines', title, xTitle: 'Step', yTitle: '', logY: false, digits };
}
