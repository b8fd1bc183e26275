import { formatBeginning } from '../../shared/format.ts';
import type { ColumnMapping, Delimiter, TableFormat, TextForm } from '../../shared/table.ts';
import { answerParts } from './columns.ts';
import { CsvReader } from './csv.ts';
import type { CsvDialect } from './csvRecord.ts';
import { detectDialect } from './dialect.ts';
import type { TextFile, InspectOptions } from './encoding.ts';
import { JsonLinesReader } from './jsonLines.ts';
import type { RowTally } from './rowTally.ts';
import { decimalMark, type DecimalMark } from './score.ts';
import { SkippedRows } from './skippedRows.ts';
import { collapseWhiteSpace } from './text.ts';
import { detectTextForm, readText } from './textForm.ts';

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

const sampledRows = 10_000;

/** The first rows, by which it is decided how the cells of all rows are read. */
export async function sampleRows(
  file: TextFile,
  dialect: CsvDialect | null,
  mapping: Partial<ColumnMapping>,
): Promise<TableRow[]> {
  const rows: TableRow[] = [];
  for await (const row of openTable(file, dialect, mapping, new SkippedRows()).read()) {
    rows.push(row);
    if (rows.length === sampledRows) break;
  }
  return rows;
}

/** The texts that a cell holds: one, or those of a list of answers. */
function textsIn(cell: unknown): string[] {
  if (typeof cell === 'string') return [cell];
  if (!Array.isArray(cell)) return [];
  return cell.flatMap((item: unknown) =>
    typeof item === 'object' && item !== null
      ? textsIn(answerParts(item as Record<string, unknown>).text)
      : textsIn(item),
  );
}

/** How the texts of a column are written, by the first of them, with an example of what reading them changes. */
export function textFormOf(sample: readonly TableRow[], column: string, given?: TextForm): ColumnText {
  const texts = sample.flatMap(({ cells }) => textsIn(cells[column]));
  const form = given ?? detectTextForm(texts);
  if (form !== 'html') return { form };
  const example = texts.find((text) => readText(text, form) !== collapseWhiteSpace(text));
  return {
    form,
    ...(example !== undefined && {
      before: formatBeginning(collapseWhiteSpace(example), 100),
      after: formatBeginning(readText(example, form), 100),
    }),
  };
}

export interface ColumnText {
  readonly form: TextForm;
  readonly before?: string;
  readonly after?: string;
}

/** Whether numbers may have a decimal comma. With commas between cells, a comma inside a number groups thousands. */
export function mayHaveDecimalComma(dialect: CsvDialect | null): boolean {
  return dialect !== null && dialect.delimiter !== ',';
}

/** How the numbers of a column are written. */
export function decimalMarkOf(sample: readonly TableRow[], dialect: CsvDialect | null, column: string): DecimalMark {
  if (!mayHaveDecimalComma(dialect)) return 'point';
  return decimalMark(sample.map(({ cells }) => String(cells[column])));
}
