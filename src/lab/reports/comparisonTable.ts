import { verdictMetric, type Bm25Baseline, type Comparison } from '../../shared/comparison.ts';
import { momentOf, momentTitles } from '../../shared/comparison/best.ts';
import { whyUntrainedIsMissing } from '../../shared/comparison/missingUntrained.ts';
import type { Column } from '../../shared/comparison/columns.ts';
import { columnsIn } from '../../shared/comparison/places.ts';
import { measuredRows, rowsOf, type Row, type RowsBy } from '../../shared/comparison/rows.ts';
import { plain, textTable, wrap, type TextCell } from './textTable.ts';
import { areComparable, highestOf, isHighest } from '../../shared/comparison/highest.ts';

/** A comparison as text for a terminal, at most 100 columns wide: the untrained encoder and BM25 first, then recipes or runs. */
export function comparisonTable(
  comparison: Comparison,
  bm25: readonly Bm25Baseline[],
  by: RowsBy,
  options: { readonly colours?: boolean } = {},
): string {
  const rows = measuredRows(rowsOf(comparison, bm25, by));
  const columns = columnsIn('terminal', comparison, by);
  const highest = highestOf(rows, columns);
  const cell = (row: Row, column: Column): TextCell => {
    const tone = column.key === 'run' ? 'faint' : column.tone?.(row);
    return {
      text: column.text(row, true),
      best: isHighest(row, column, highest),
      ...(tone && { tone }),
    };
  };
  const lines = textTable(
    columns.map(({ key, short, numeric }) => ({
      heading: short,
      align: numeric || key === 'device' ? 'right' : 'left',
      flexible: key === 'name',
    })),
    rows.map((row) => columns.map((column) => cell(row, column))),
    options,
  );
  return [...lines, '', ...wrap(explanation(comparison, by, rows, columns)), ...notes(comparison, bm25)].join('\n');
}

function explanation({ recipes }: Comparison, by: RowsBy, rows: readonly Row[], columns: readonly Column[]): string {
  const merged = by === 'recipe' && recipes.some(({ runs }) => runs.length > 1);
  const parts = [
    `${momentTitles[momentOf(by)]}${merged ? ', mean ± standard deviation over seeds' : ''}`,
    `Δ: ${verdictMetric} against the untrained encoder`,
    ...(columns.some(({ key }) => key === 'negatives_per_question')
      ? ['negatives: other answers that a question is compared with, on average']
      : []),
    ...(areComparable(rows) ? ['*: highest of its column'] : []),
  ];
  const advice = by === 'recipe' ? ' "losslab verdict" says which differences are more than chance.' : '';
  return `${parts.join('; ')}.${advice}`;
}

/** What there is to say about a comparison below any table of it. */
function notes(comparison: Comparison, bm25: readonly Bm25Baseline[]): string[] {
  const { runs, warnings, notes } = comparison;
  const lines: string[] = [];
  const missing = whyUntrainedIsMissing(comparison);
  if (missing !== null) lines.push(missing);
  for (const { name, missing } of bm25) if (missing) lines.push(`No row for ${name}: ${missing}`);
  lines.push(...warnings.map((warning) => `Warning: ${warning}`), ...notes.map((note) => `Note: ${note}`));
  for (const { id, state, failure } of runs) {
    if (failure) lines.push(`${id} ${state === 'failed' ? 'failed' : `was ${state}`}: ${plain(failure.message)}`);
    else if (state === 'interrupted' || state === 'stopped')
      lines.push(`${id} was ${state}; "losslab resume ${id}" continues it.`);
  }
  return lines.flatMap((line) => wrap(line));
}
