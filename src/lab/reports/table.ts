import type { MetricName } from '../../shared/metrics.ts';
import {
  verdictMetric,
  type Bm25Baseline,
  type ComparedRun,
  type Comparison,
  type MetricValues,
} from '../../shared/comparison.ts';
import { formatDuration } from '../../shared/format.ts';
import { plain, textTable, wrap, type TextCell, type TextColumn } from './textTable.ts';

/** Beside the verdict's own. */
const shownMetrics: readonly MetricName[] = ['ndcg@10', 'map@100'];

/**
 * A comparison by run as text for a terminal, at most 100 columns wide: the untrained encoder and BM25 first, then
 * each run at its best evaluations, with its difference from the untrained encoder.
 */
export function runTable(
  comparison: Comparison,
  bm25: readonly Bm25Baseline[],
  options: { readonly colours?: boolean } = {},
): string {
  const metrics = shownMetrics.filter((name) => comparison.metrics.includes(name));
  const columns: TextColumn[] = [
    { heading: 'run', align: 'left' },
    { heading: 'name', align: 'left', flexible: true },
    ...[verdictMetric, 'Δ', ...metrics, 'at step', 'time', 'device'].map(
      (heading) => ({ heading, align: 'right' }) as const,
    ),
    { heading: 'state', align: 'left' },
  ];
  const cell = markingHighest(comparison, bm25);
  const rows = [...baselineRows(comparison, bm25, metrics, cell), ...runRows(comparison, metrics, cell)];
  const explanation = `Each metric at its own best; Δ: ${verdictMetric} against the untrained encoder${comparison.baselines.length < 2 ? '; *: best of its column' : ''}.`;
  return [...textTable(columns, rows, options), '', ...wrap(explanation), ...comparisonNotes(comparison, bm25)].join(
    '\n',
  );
}

type FigureCell = (metric: MetricName, value: number | undefined) => TextCell;

function baselineRows(
  { baselines }: Comparison,
  bm25: readonly Bm25Baseline[],
  metrics: readonly MetricName[],
  cell: FigureCell,
): TextCell[][] {
  const row = (name: string, values: MetricValues, step: string): TextCell[] => [
    { text: '' },
    { text: name },
    cell(verdictMetric, values[verdictMetric]),
    { text: '' },
    ...metrics.map((metric) => cell(metric, values[metric])),
    { text: step },
    ...['', '', ''].map((text) => ({ text })),
  ];
  return [
    ...baselines.map(({ name, metrics: values }) => row(name, values, '0')),
    ...bm25.flatMap(({ name, metrics: values }) => (values ? [row(name, values, '')] : [])),
  ];
}

function runRows({ runs }: Comparison, metrics: readonly MetricName[], cell: FigureCell): TextCell[][] {
  return runs.map((run) => [
    { text: run.id.split('-')[0]!, tone: 'faint' },
    { text: run.name },
    cell(verdictMetric, run.best[verdictMetric]?.value),
    difference(run),
    ...metrics.map((metric) => cell(metric, run.best[metric]?.value)),
    { text: run.best[verdictMetric] ? String(run.best[verdictMetric].step) : '–' },
    { text: run.device ? formatDuration(run.training_seconds) : '–' },
    { text: run.device ?? '–' },
    { text: run.state, ...(run.state === 'finished' ? {} : { tone: 'bad' as const }) },
  ]);
}

/** Cells of figures, the highest of a metric marked where all runs began from the same encoder. */
function markingHighest({ runs, baselines }: Comparison, bm25: readonly Bm25Baseline[]): FigureCell {
  const highest = (metric: MetricName): number => {
    const values = [
      ...runs.map(({ best }) => best[metric]?.value),
      ...[...baselines, ...bm25].map(({ metrics }) => metrics?.[metric]),
    ];
    return Math.max(...(values.filter((value) => value !== undefined && !Number.isNaN(value)) as number[]));
  };
  return (metric, value) => ({ text: figure(value), best: baselines.length < 2 && value === highest(metric) });
}

function difference({ best, baseline }: ComparedRun): TextCell {
  return changeCell((best[verdictMetric]?.value ?? NaN) - (baseline?.metrics[verdictMetric] ?? NaN));
}

/** A difference from the untrained encoder: `+0.0361`. */
export function changeCell(change: number): TextCell {
  if (Number.isNaN(change)) return { text: '–' };
  // Rounded first, so that nothing is shown as -0.0000.
  const rounded = Number(change.toFixed(4));
  if (rounded === 0) return { text: '±0.0000' };
  return { text: `${rounded > 0 ? '+' : '−'}${Math.abs(rounded).toFixed(4)}`, tone: rounded > 0 ? 'good' : 'bad' };
}

/** What there is to say about a comparison below any table of it. */
export function comparisonNotes(
  { runs, baselines, warnings, notes }: Comparison,
  bm25: readonly Bm25Baseline[],
): string[] {
  const lines: string[] = [];
  if (baselines.length === 0)
    lines.push('The untrained encoder was not evaluated (eval_at_zero): there is nothing to compare with.');
  for (const { name, missing } of bm25) if (missing) lines.push(`There is no row for ${name}: ${missing}`);
  lines.push(...warnings.map((warning) => `Warning: ${warning}`), ...notes.map((note) => `Note: ${note}`));
  for (const { id, state, failure } of runs) {
    if (failure) lines.push(`${id} ${state === 'failed' ? 'failed' : `was ${state}`}: ${plain(failure.message)}`);
    else if (state === 'interrupted' || state === 'stopped')
      lines.push(`${id} was ${state}; "losslab resume ${id}" takes it up again.`);
  }
  return lines.flatMap((line) => wrap(line));
}

function figure(value: number | undefined): string {
  if (value === undefined) return '–';
  return Number.isFinite(value) ? value.toFixed(4) : String(value);
}
