import type { MetricName } from '../../shared/metrics.ts';
import {
  hashNames,
  type Baseline,
  type Bm25Baseline,
  type ComparedRun,
  type Comparison,
} from '../../shared/comparison.ts';

type Cell = string | number | null | undefined;
/** A column's heading, and what stands in it for a run and for a baseline. */
interface Column {
  readonly heading: string;
  readonly ofRun: (run: ComparedRun) => Cell;
  readonly ofBaseline?: (baseline: Pick<Baseline, 'name' | 'metrics'>) => Cell;
}

/**
 * A comparison as CSV (RFC 4180, UTF-8): one row per untrained encoder and for BM25, one per run with its
 * recipe, seed, device, training time, hashes, and every metric untrained, at its best and at the last
 * evaluation. Empty cells are values that were never measured; NaN and Infinity are written so.
 */
export function comparisonToCsv(comparison: Comparison, bm25: readonly Bm25Baseline[]): string {
  const columns = [
    ...runColumns(comparison),
    ...recipeColumns(comparison.runs),
    ...comparison.metrics.flatMap(metricColumns),
  ];
  const baselines = [
    ...comparison.baselines,
    ...bm25.flatMap(({ name, metrics }) => (metrics ? [{ name, metrics }] : [])),
  ];
  const rows = [
    columns.map(({ heading }) => heading),
    ...baselines.map((baseline) => columns.map(({ ofBaseline }) => ofBaseline?.(baseline))),
    ...comparison.runs.map((run) => columns.map(({ ofRun }) => ofRun(run))),
  ];
  return rows.map(csvRow).join('');
}

const runColumns = ({ recipes }: Comparison): readonly Column[] => [
  { heading: 'row', ofRun: () => 'run', ofBaseline: () => 'baseline' },
  { heading: 'run', ofRun: ({ id }) => id },
  { heading: 'name', ofRun: ({ name }) => name, ofBaseline: ({ name }) => name },
  { heading: 'recipe', ofRun: ({ id }) => recipes.find(({ runs }) => runs.includes(id))?.name },
  { heading: 'baseline', ofRun: ({ baseline }) => baseline?.name, ofBaseline: ({ name }) => name },
  { heading: 'dataset', ofRun: ({ dataset }) => dataset },
  { heading: 'state', ofRun: ({ state }) => state },
  { heading: 'failure', ofRun: ({ failure }) => failure?.message },
  { heading: 'loss', ofRun: ({ recipe }) => recipe.loss.name },
  { heading: 'strategy', ofRun: ({ recipe }) => recipe.strategy.name },
  { heading: 'seed', ofRun: ({ seed }) => seed },
  { heading: 'device', ofRun: ({ device }) => device },
  { heading: 'encoder_parameters', ofRun: ({ parameters }) => parameters },
  { heading: 'steps', ofRun: ({ steps_done }) => steps_done },
  { heading: 'training_seconds', ofRun: ({ training_seconds }) => training_seconds },
  { heading: 'peak_memory_bytes', ofRun: ({ peak_memory_bytes }) => peak_memory_bytes },
  { heading: 'texts_per_step', ofRun: ({ texts_per_step }) => texts_per_step },
  { heading: 'negatives_per_question', ofRun: ({ negatives_per_question }) => negatives_per_question },
  ...hashNames.map((name) => ({ heading: `hash.${name}`, ofRun: ({ hashes }: ComparedRun) => hashes?.[name] })),
];

/** One column for each parameter that any of the recipes has: `loss.temperature`, `strategy.pos_count`. */
function recipeColumns(runs: readonly ComparedRun[]): Column[] {
  return (['strategy', 'loss'] as const).flatMap((part) => {
    const parametersOf = ({
      recipe,
    }: ComparedRun): Readonly<Record<string, string | number | boolean | readonly number[] | undefined>> =>
      recipe[part].parameters;
    const names = new Set(runs.flatMap((run) => Object.keys(parametersOf(run))));
    return [...names].map((name) => ({
      heading: `${part}.${name}`,
      ofRun: (run) => {
        const value = parametersOf(run)[name];
        if (typeof value === 'object') return value.join(' ');
        return typeof value === 'boolean' ? String(value) : value;
      },
    }));
  });
}

function metricColumns(metric: MetricName): Column[] {
  return [
    {
      heading: `${metric} baseline`,
      ofRun: ({ baseline }) => baseline?.metrics[metric],
      ofBaseline: ({ metrics }) => metrics[metric],
    },
    { heading: `${metric} best`, ofRun: ({ best }) => best[metric]?.value },
    { heading: `${metric} best_step`, ofRun: ({ best }) => best[metric]?.step },
    { heading: `${metric} last`, ofRun: ({ last }) => last[metric] },
  ];
}

/** One row with its end of line. */
export function csvRow(cells: readonly Cell[]): string {
  return `${cells.map(formatCell).join(',')}\r\n`;
}

/**
 * A spreadsheet takes text that begins with = + - @ tab or return for a formula; an apostrophe
 * before it makes it text. Numbers are left alone.
 */
function formatCell(cell: Cell): string {
  if (cell === null || cell === undefined) return '';
  if (typeof cell === 'number') return String(cell);
  const text = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
