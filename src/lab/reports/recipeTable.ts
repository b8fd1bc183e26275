import {
  verdictMetric,
  type Bm25Baseline,
  type ComparedRecipe,
  type Comparison,
  type MetricSpreads,
} from '../../shared/comparison.ts';
import type { MetricName } from '../../shared/metrics.ts';
import { spreadOf, type Spread } from '../../shared/spread.ts';
import { formatDuration } from '../../shared/format.ts';
import { changeCell, comparisonNotes } from './table.ts';
import { textTable, wrap, type TextCell, type TextColumn } from './textTable.ts';

/** Beside the verdict's own. */
const shownMetrics: readonly MetricName[] = ['ndcg@10', 'map@100'];

/** A row before it is laid out; null where there is nothing. */
interface Row {
  readonly name: string;
  readonly seeds: number | null;
  readonly metrics: MetricSpreads;
  readonly change: number | null;
  readonly seconds: Spread | null;
  readonly negatives: Spread | null;
}

/**
 * A comparison by recipe as text for a terminal, at most 100 columns wide: the untrained encoder and BM25 first, then each
 * recipe at its last evaluations, as mean ± standard deviation over its seeds.
 */
export function recipeTable(
  comparison: Comparison,
  bm25: readonly Bm25Baseline[],
  options: { readonly colours?: boolean } = {},
): string {
  const rows = [
    ...baselineRows(comparison, bm25),
    ...comparison.recipes.map((recipe) => recipeRow(recipe, comparison)),
  ];
  const metrics = [verdictMetric, ...shownMetrics].filter((name) => comparison.metrics.includes(name));
  const withNegatives = rows.some(({ negatives }) => negatives !== null);
  const columns: TextColumn[] = [
    { heading: 'name', align: 'left', flexible: true },
    ...['seeds', verdictMetric, 'Δ', ...metrics.slice(1), 'time', ...(withNegatives ? ['negatives'] : [])].map(
      (heading) => ({ heading, align: 'right' }) as const,
    ),
  ];
  const comparable = comparison.untrained.length < 2;
  const cells = rows.map((row) => [
    { text: row.name },
    { text: row.seeds === null ? '' : String(row.seeds) },
    metricCell(verdictMetric, row, rows, comparable),
    row.change === null ? { text: '' } : changeCell(row.change),
    ...metrics.slice(1).map((metric) => metricCell(metric, row, rows, comparable)),
    { text: row.seconds ? formatDuration(row.seconds.mean) : '' },
    ...(withNegatives ? [{ text: row.negatives ? figureOf(row.negatives.mean) : '' }] : []),
  ]);
  return [...textTable(columns, cells, options), '', ...notes(comparison, bm25, withNegatives)].join('\n');
}

function baselineRows({ untrained }: Comparison, bm25: readonly Bm25Baseline[]): Row[] {
  const nothing = { change: null, seconds: null, negatives: null };
  return [
    ...untrained.map(({ name, seeds, metrics }) => ({ ...nothing, name, seeds: seeds.length, metrics })),
    ...bm25.flatMap(({ name, metrics }) =>
      metrics ? [{ ...nothing, name, seeds: null, metrics: withoutSpread(metrics) }] : [],
    ),
  ];
}

function withoutSpread(metrics: NonNullable<Bm25Baseline['metrics']>): MetricSpreads {
  return Object.fromEntries(Object.entries(metrics).map(([name, value]) => [name, spreadOf([value])!]));
}

function recipeRow(
  { name, runs, seeds, last, training_seconds, negatives_per_question }: ComparedRecipe,
  { untrained }: Comparison,
): Row {
  const from = untrained.find((each) => runs.some((run) => each.runs.includes(run)))?.metrics[verdictMetric];
  const reached = last[verdictMetric];
  return {
    name,
    seeds: seeds.length,
    metrics: last,
    change: from && reached ? reached.mean - from.mean : null,
    seconds: training_seconds,
    negatives: negatives_per_question,
  };
}

/** The highest mean of a metric is marked where all recipes began from the same encoder. */
function metricCell(metric: MetricName, { metrics }: Row, rows: readonly Row[], comparable: boolean): TextCell {
  const spread = metrics[metric];
  if (!spread) return { text: '–' };
  const highest = Math.max(...rows.map((row) => row.metrics[metric]?.mean ?? -Infinity));
  return { text: meanAndDeviation(spread), best: comparable && spread.mean === highest };
}

/** `0.4919 ±0.0126`, or the mean alone where there is one value. */
export function meanAndDeviation({ mean, deviation }: Spread): string {
  return deviation === null ? mean.toFixed(4) : `${mean.toFixed(4)} ±${deviation.toFixed(4)}`;
}

function figureOf(value: number): string {
  return value < 10 ? value.toFixed(1) : value.toFixed(0);
}

function notes(comparison: Comparison, bm25: readonly Bm25Baseline[], withNegatives: boolean): string[] {
  const { recipes, untrained } = comparison;
  const several = recipes.some(({ runs }) => runs.length > 1);
  const explanation = [
    `At the last evaluation of each run${several ? ', mean ± standard deviation over seeds' : ''}`,
    `Δ: ${verdictMetric} against the untrained encoder`,
    ...(withNegatives ? ['negatives: other answers that a question is compared with, on average'] : []),
    ...(untrained.length < 2 ? ['*: highest of its column'] : []),
  ];
  return [
    ...wrap(`${explanation.join('; ')}. "losslab verdict" says which differences are more than chance.`),
    ...comparisonNotes(comparison, bm25),
  ];
}
