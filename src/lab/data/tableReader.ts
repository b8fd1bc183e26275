import type { ColumnMapping, Delimiter, TableFormat } from '../../shared/table.ts';
import type { CsvDialect } from './csvRows.ts';
import { CsvReader } from './csv.ts';
import { detectDelimiter } from './delimiter.ts';
import type { TextFile, InspectOptions } from './encoding.ts';
import { JsonLinesReader } from './jsonLines.ts';
import type { RowTally } from './rowTally.ts';
import type { SkippedRows } from './skippedRows.ts';

/** A row of a table of any format; cells of CSV and TSV are texts. */
export interface TableRow {
  readonly line: number;
  readonly cells: Readonly<Record<string, unknown>>;
}

export interface TableReader {
  readonly tally: RowTally;
  read(options?: Pick<InspectOptions, 'signal' | 'onBytes'>): AsyncGenerator<TableRow, void>;
  /** Counts a row that was read as skipped. */
  reject(row: TableRow, column: string, reason: string): void;
  /** @throws LabError if more than half of the rows read so far were skipped */
  requireMostlyUsable(): void;
}

/** What separates the cells; null for JSON lines, which have keys. */
export async function delimiterOf(file: TextFile, format: TableFormat, given?: Delimiter): Promise<Delimiter | null> {
  if (format === 'jsonl') return null;
  return given ?? (format === 'tsv' ? '\t' : await detectDelimiter(file));
}

/** Tab-separated files are often written without any quoting. */
export function dialectOf(format: TableFormat, delimiter: Delimiter): CsvDialect {
  return { delimiter, looseQuotes: format === 'tsv' };
}

/** @param delimiter as `delimiterOf` gives it */
export function openTable(
  file: TextFile,
  format: TableFormat,
  delimiter: Delimiter | null,
  mapping: ColumnMapping,
  skipped: SkippedRows,
): TableReader {
  const columns = [...new Set(Object.values(mapping).filter((column) => column !== undefined))];
  if (delimiter === null) return new JsonLinesReader(file, columns, skipped);
  return new CsvReader(file, columns, skipped, dialectOf(format, delimiter));
}
