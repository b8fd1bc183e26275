import type { MetricName } from '../../shared/metrics.ts';
import { verdictMetric, type ComparedRun, type Comparison } from '../../shared/comparison.ts';
import { duration, plain, textTable, wrap, type TextCell, type TextColumn } from './textTable.ts';

/** Beside the verdict's own. */
const shownMetrics: readonly MetricName[] = ['ndcg@10', 'map@100'];

/**
 * A comparison as text for a terminal, at most 100 columns wide: the untrained encoder first, then
 * each run at its best evaluations, with its difference from the untrained encoder.
 */
export function comparisonTable(comparison: Comparison, options: { readonly colours?: boolean } = {}): string {
  const metrics = shownMetrics.filter((name) => comparison.metrics.includes(name));
  const columns: TextColumn[] = [
    { heading: 'run', align: 'left' },
    { heading: 'name', align: 'left', flexible: true },
    ...[verdictMetric, 'Δ', ...metrics, 'at step', 'time', 'device'].map((heading) => ({ heading, align: 'right' }) as const),
    { heading: 'state', align: 'left' },
  ];
  const rows = [...baselineRows(comparison, metrics), ...runRows(comparison, metrics)];
  return [...textTable(columns, rows, options), '', ...notes(comparison)].join('\n');
}

function baselineRows(comparison: Comparison, metrics: readonly MetricName[]): TextCell[][] {
  const cell = markingHighest(comparison);
  return comparison.baselines.map(({ name, metrics: values }) => [
    { text: '' },
    { text: name },
    cell(verdictMetric, values[verdictMetric]),
    { text: '' },
    ...metrics.map((metric) => cell(metric, values[metric])),
    { text: '0' },
    { text: '' },
    { text: '' },
    { text: '' },
  ]);
}

function runRows(comparison: Comparison, metrics: readonly MetricName[]): TextCell[][] {
  const cell = markingHighest(comparison);
  return comparison.runs.map((run) => [
    { text: run.id.split('-')[0]!, tone: 'faint' },
    { text: run.name },
    cell(verdictMetric, run.best[verdictMetric]?.value),
    difference(run),
    ...metrics.map((metric) => cell(metric, run.best[metric]?.value)),
    { text: run.best[verdictMetric] ? String(run.best[verdictMetric].step) : '–' },
    { text: run.device ? duration(run.training_seconds) : '–' },
    { text: run.device ?? '–' },
    { text: run.state, ...(run.state === 'finished' ? {} : { tone: 'bad' as const }) },
  ]);
}

/** Cells of figures, the highest of a metric marked where all runs began from the same encoder. */
function markingHighest({ runs, baselines }: Comparison): (metric: MetricName, value: number | undefined) => TextCell {
  const highest = (metric: MetricName): number => {
    const values = [...runs.map(({ best }) => best[metric]?.value), ...baselines.map(({ metrics }) => metrics[metric])];
    return Math.max(...values.filter((value) => value !== undefined && !Number.isNaN(value)) as number[]);
  };
  return (metric, value) => ({ text: figure(value), best: baselines.length < 2 && value === highest(metric) });
}

function difference({ best, baseline }: ComparedRun): TextCell {
  const change = (best[verdictMetric]?.value ?? NaN) - (baseline?.metrics[verdictMetric] ?? NaN);
  if (Number.isNaN(change)) return { text: '–' };
  // Rounded first, so that nothing is shown as -0.0000.
  const rounded = Number(change.toFixed(4));
  if (rounded === 0) return { text: '±0.0000' };
  return { text: `${rounded > 0 ? '+' : '−'}${Math.abs(rounded).toFixed(4)}`, tone: rounded > 0 ? 'good' : 'bad' };
}

function notes({ runs, baselines, warnings }: Comparison): string[] {
  const lines = [`Each metric at its own best; Δ: ${verdictMetric} against the untrained encoder${baselines.length < 2 ? '; *: best of its column' : ''}.`];
  if (baselines.length === 0) lines.push('The untrained encoder was not evaluated (eval_at_zero): there is nothing to compare with.');
  lines.push(...warnings.map((warning) => `Warning: ${warning}`));
  for (const { id, state, failure } of runs) {
    if (failure) lines.push(`${id} failed: ${plain(failure.message)}`);
    else if (state === 'interrupted' || state === 'stopped') lines.push(`${id} was ${state}; "losslab resume ${id}" takes it up again.`);
  }
  return lines.flatMap((line) => wrap(line));
}

function figure(value: number | undefined): string {
  if (value === undefined) return '–';
  return Number.isFinite(value) ? value.toFixed(4) : String(value);
}
