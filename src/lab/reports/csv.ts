import type { Bm25Baseline, Comparison } from '../../shared/comparison.ts';
import { columnsIn } from '../../shared/comparison/places.ts';
import { isBaseline, measuredRows, rowsOf } from '../../shared/comparison/rows.ts';
import { toCsv } from '../../shared/csv.ts';

/**
 * A comparison as CSV (RFC 4180, UTF-8): one row per untrained encoder and for BM25, one per run with its
 * recipe, seed, device, training time, hashes, and every metric untrained, at its best and at the last
 * evaluation. Empty cells are values that were never measured; NaN and Infinity are written so.
 */
export function comparisonToCsv(comparison: Comparison, bm25: readonly Bm25Baseline[]): string {
  const columns = columnsIn('file', comparison, 'run');
  const rows = measuredRows(rowsOf(comparison, bm25, 'run'));
  return toCsv([
    columns.map(({ key }) => key),
    ...rows.map((row) => columns.map(({ value, ofTraining }) => (ofTraining && isBaseline(row) ? null : value(row)))),
  ]);
}
