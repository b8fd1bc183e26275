import { LabError } from '../../shared/errors.ts';
import type { Delimiter } from '../../shared/table.ts';
import { commaSeparated, type CsvDialect } from './csvRecord.ts';
import { CsvRows, type RawFault, type RawRow } from './csvRows.ts';
import { readAsUtf8, type TextFile, type InspectOptions } from './encoding.ts';
import { RowTally } from './rowTally.ts';
import type { SkippedRows } from './skippedRows.ts';

export const delimiterNames: Readonly<Record<Delimiter, string>> = { ',': 'commas', ';': 'semicolons', '\t': 'tabs' };

/** A row: its cells by the names of the columns that the reader was asked for. */
export interface CsvRow<Column extends string> {
  readonly line: number;
  readonly cells: Readonly<Record<Column, string>>;
}

/**
 * Streams the rows of a file of separated values whose first row names its columns, in any order and
 * with any others between them. Damaged rows are skipped and counted, and so are rows that the
 * caller rejects; `requireMostlyUsable` refuses a file most of whose rows are unusable.
 */
export class CsvReader<Column extends string> {
  readonly file: TextFile;
  readonly #columns: readonly Column[];
  readonly #dialect: CsvDialect;
  readonly tally: RowTally;
  #header: readonly string[] = [];

  constructor(file: TextFile, columns: readonly Column[], skipped: SkippedRows, dialect: CsvDialect = commaSeparated) {
    this.file = file;
    this.#columns = columns;
    this.#dialect = dialect;
    this.tally = new RowTally(file, skipped);
  }

  /** @throws LabError if the header is damaged or a column is missing */
  async *read(options: Pick<InspectOptions, 'signal' | 'onBytes'> = {}): AsyncGenerator<CsvRow<Column>> {
    const parser = new CsvRows(this.#dialect);
    for await (const bytes of readAsUtf8(this.file, options)) yield* this.#named(parser.push(bytes));
    yield* this.#named(parser.finish());
    if (this.#header.length === 0) throw new LabError('data', `${this.file.name} has no rows.`);
  }

  /** Counts a row that was read as skipped. */
  reject(row: CsvRow<Column>, column: Column, reason: string, found: unknown = row.cells[column]): void {
    this.#skip(row.line, column, reason, String(found));
  }

  /** @throws LabError if more than half of the rows read so far were skipped */
  requireMostlyUsable(): void {
    this.tally.requireMostlyUsable();
  }

  *#named(rows: (RawRow | RawFault)[]): Generator<CsvRow<Column>> {
    for (const row of rows) {
      if (this.#header.length === 0) {
        this.#readHeader(row);
        continue;
      }
      this.tally.count();
      if (row.kind === 'fault') this.#skip(row.line, this.#header[row.column] ?? '?', row.reason, '');
      else yield { line: row.line, cells: this.#byName(row.cells) };
    }
  }

  #byName(cells: readonly string[]): Record<Column, string> {
    return Object.fromEntries(this.#columns.map((column) => [column, cells[this.#header.indexOf(column)]!])) as Record<
      Column,
      string
    >;
  }

  #readHeader(row: RawRow | RawFault): void {
    const { name, encoding } = this.file;
    if (row.kind === 'fault') throw new LabError('data', `${name}, line ${row.line}: header row: ${row.reason}.`);
    this.#header = row.cells.map((cell) => cell.trim());
    const found = this.#header
      .map((column) => column.slice(0, 40))
      .slice(0, 20)
      .join(', ');
    const missing = this.#columns.filter((column) => !this.#header.includes(column));
    if (missing.length > 0) {
      throw new LabError(
        'data',
        `${name} has no column ${missing.map((column) => `"${column}"`).join(', ')}. Columns found: ${found}.`,
        `Its first row must name the columns ${this.#columns.join(', ')}, separated by ${delimiterNames[this.#dialect.delimiter]}, in any order; it was read as ${encoding}.`,
      );
    }
    const twice = this.#columns.find((column) => this.#header.indexOf(column) !== this.#header.lastIndexOf(column));
    if (twice) throw new LabError('data', `${name} has two columns "${twice}". Columns found: ${found}.`);
  }

  #skip(line: number, column: string, reason: string, found: string): void {
    this.tally.skip(`line ${line}, column ${column}`, reason, found);
  }
}
