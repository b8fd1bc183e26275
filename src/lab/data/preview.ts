import type { PreviewRequest, TablePreview } from '../../shared/contract/datasets.ts';
import { LabError } from '../../shared/errors.ts';
import { formatBeginning } from '../../shared/format.ts';
import type { TableFormat } from '../../shared/table.ts';
import { recogniseColumns } from './columns.ts';
import type { CsvDialect } from './csvRecord.ts';
import { CsvRows } from './csvRows.ts';
import { inspectStart, readAsUtf8, type TextFile } from './encoding.ts';
import { JsonLinesReader, shown } from './jsonLines.ts';
import { parseScore, type DecimalMark } from './score.ts';
import { printable } from '../../shared/printable.ts';
import { describeReasons, SkippedRows } from './skippedRows.ts';
import { decimalMarkOf, dialectOf, mayHaveDecimalComma, sampleRows } from './tableReader.ts';

/** Read for the encoding: a preview must be fast for files of any size. */
const inspectedBytes = 4 * 1024 * 1024;
const inspectedRows = 100;
const shownRows = 10;
const shownCharacters = 200;

/**
 * A look at the beginning of a table: its columns, the first rows, and what each column seems to hold.
 *
 * @throws LabError for a file that does not exist, is empty, is not in the encoding asked for, or has no rows
 */
export async function previewTable({
  file: path,
  format: asked,
  encoding,
  delimiter: given,
}: PreviewRequest): Promise<TablePreview> {
  const file = await inspectStart(path, inspectedBytes, encoding);
  const format = asked ?? formatOf(file.name);
  const dialect = await dialectOf(file, format, given);
  const table = dialect === null ? await lookAtLines(file) : await lookAtCells(file, dialect);
  if (table.columns.length === 0) throw noRow(file, table);
  const mapping = recogniseColumns(table.columns);
  const mark =
    mapping.score === undefined || !mayHaveDecimalComma(dialect)
      ? 'point'
      : decimalMarkOf(await sampleRows(file, dialect, { score: mapping.score }), dialect, mapping.score);
  return {
    format,
    encoding: file.encoding,
    delimiter: dialect?.delimiter ?? null,
    columns: table.columns,
    rows: table.rows.slice(0, shownRows).map((row) => row.map(shortened)),
    mapping,
    problems: problemsOf(table, mapping, mark),
  };
}

/** By the ending of the name; CSV for an unknown ending. */
export function formatOf(name: string): TableFormat {
  if (/\.(jsonl|ndjson)$/i.test(name)) return 'jsonl';
  return /\.(tsv|tab)$/i.test(name) ? 'tsv' : 'csv';
}

/** The first rows, whole. */
interface Sample {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly skipped: SkippedRows;
}

async function lookAtCells(file: TextFile, dialect: CsvDialect): Promise<Sample> {
  const skipped = new SkippedRows();
  const rows: string[][] = [];
  for await (const row of rawRows(file, dialect)) {
    if (row.kind === 'row') rows.push([...row.cells]);
    else if (rows.length === 0)
      throw new LabError('data', `${file.name}, line ${row.line}: header row: ${row.reason}.`);
    else skipped.add({ file: file.name, where: `line ${row.line}`, reason: row.reason, found: '' });
    if (rows.length > inspectedRows) break;
  }
  const [header = [], ...body] = rows;
  return { columns: header.map((column) => column.trim()), rows: body, skipped };
}

async function* rawRows(file: TextFile, dialect: CsvDialect) {
  const parser = new CsvRows(dialect);
  for await (const bytes of readAsUtf8(file)) yield* parser.push(bytes);
  yield* parser.finish();
}

async function lookAtLines(file: TextFile): Promise<Sample> {
  const skipped = new SkippedRows();
  const objects: Readonly<Record<string, unknown>>[] = [];
  for await (const { cells } of new JsonLinesReader(file, [], skipped).read()) {
    objects.push(cells);
    if (objects.length === inspectedRows) break;
  }
  const columns = [...new Set(objects.flatMap((object) => Object.keys(object)))];
  return { columns, rows: objects.map((object) => columns.map((column) => shown(object[column]))), skipped };
}

function problemsOf({ columns, rows, skipped }: Sample, mapping: TablePreview['mapping'], mark: DecimalMark): string[] {
  const scores = mapping.score === undefined ? [] : rows.map((row) => row[columns.indexOf(mapping.score!)]!);
  const unreadable = scores.filter((score) => parseScore(score, mark) === undefined);
  const problems: string[] = [];
  if (rows.length === 0) problems.push('There are no rows below the names of the columns.');
  if (mapping.question === undefined) problems.push('No column was recognised as the question.');
  if (mapping.answer === undefined) problems.push('No column was recognised as the answer.');
  if (unreadable.length > 0)
    problems.push(
      `Of the first ${rows.length} rows, ${unreadable.length} ${unreadable.length === 1 ? 'has' : 'have'} no number in "${mapping.score}", which seems to be the score: found "${shortened(unreadable[0]!)}".`,
    );
  const twice = columns.filter((column, index) => columns.indexOf(column) !== index);
  if (twice.length > 0) problems.push(`There are two columns "${twice[0]}".`);
  if (skipped.total > 0)
    problems.push(
      `Rows at the beginning cannot be used: ${describeReasons(skipped.byReason())}. The first is at ${skipped.examples[0]!.where}.`,
    );
  return problems;
}

function noRow(file: TextFile, { skipped }: Sample): LabError {
  const found = skipped.total > 0 ? `: ${describeReasons(skipped.byReason())}` : '';
  return new LabError(
    'data',
    `${file.name} has no row that can be used${found}.`,
    'Check that it is a table with a row for each question and answer, in the format that was chosen.',
  );
}

function shortened(text: string): string {
  return formatBeginning(printable(text), shownCharacters);
}
