import type { ColumnMapping, Delimiter, TableFormat } from '../../shared/table.ts';
import { CsvReader } from './csv.ts';
import type { CsvDialect } from './csvRecord.ts';
import { detectDialect } from './dialect.ts';
import type { TextFile, InspectOptions } from './encoding.ts';
import { JsonLinesReader } from './jsonLines.ts';
import type { RowTally } from './rowTally.ts';
import { decimalMark, type DecimalMark } from './score.ts';
import { SkippedRows } from './skippedRows.ts';

/** A row of a table of any format; cells of CSV and TSV are texts. */
export interface TableRow {
  readonly line: number;
  readonly cells: Readonly<Record<string, unknown>>;
}

export interface TableReader {
  readonly tally: RowTally;
  read(options?: Pick<InspectOptions, 'signal' | 'onBytes'>): AsyncGenerator<TableRow, void>;
  /** Counts a row that was read as skipped. */
  reject(row: TableRow, column: string, reason: string, found?: unknown): void;
  /** @throws LabError if more than half of the rows read so far were skipped */
  requireMostlyUsable(): void;
}

/** How cells are separated; null for JSON lines, which have keys. */
export async function dialectOf(file: TextFile, format: TableFormat, given?: Delimiter): Promise<CsvDialect | null> {
  return format === 'jsonl' ? null : detectDialect(file, format, given);
}

/** @param dialect as `dialectOf` gives it */
export function openTable(
  file: TextFile,
  dialect: CsvDialect | null,
  mapping: Partial<ColumnMapping>,
  skipped: SkippedRows,
): TableReader {
  const columns = [...new Set(Object.values(mapping).filter((column) => column !== undefined))];
  return dialect === null
    ? new JsonLinesReader(file, columns, skipped)
    : new CsvReader(file, columns, skipped, dialect);
}

const rowsForDecimals = 10_000;

/** How the numbers of a column are written. With commas between cells, a comma inside a number groups thousands. */
export async function decimalMarkOf(file: TextFile, dialect: CsvDialect | null, column: string): Promise<DecimalMark> {
  if (dialect === null || dialect.delimiter === ',') return 'point';
  const cells: string[] = [];
  for await (const row of openTable(file, dialect, { score: column }, new SkippedRows()).read()) {
    cells.push(String(row.cells[column]));
    if (cells.length === rowsForDecimals) break;
  }
  return decimalMark(cells);
}
