import { LabError } from '../../shared/errors.ts';
import { isNestedTooDeep } from '../../shared/json.ts';
import { parseExactJson } from './exactJson.ts';
import { readAsUtf8, type TextFile, type InspectOptions } from './encoding.ts';
import { readJsonArray } from './jsonArray.ts';
import { RowTally } from './rowTally.ts';
import type { SkippedRows } from './skippedRows.ts';

/** Bytes; a line may have a question with all its answers. A longer line is skipped. */
export const maximumLineSize = 16 * 1024 * 1024;

/** An object, by its keys. */
export interface JsonRow {
  readonly line: number;
  readonly cells: Readonly<Record<string, unknown>>;
}

/**
 * Streams the objects of a file of JSON lines, in memory bounded by the longest line. Lines that are
 * not a JSON object are skipped and counted, and so are lines that the caller rejects;
 * `requireMostlyUsable` refuses a file with mostly unusable lines. Empty lines do not count.
 */
export class JsonLinesReader {
  readonly file: TextFile;
  readonly #columns: readonly string[];
  readonly tally: RowTally;
  readonly #skipped: SkippedRows;
  readonly #keys = new Set<string>();
  /** What `line` of a row counts. */
  #unit: 'line' | 'item' = 'line';

  /** @param columns keys that must occur in the file, if not in every line */
  constructor(file: TextFile, columns: readonly string[], skipped: SkippedRows) {
    this.file = file;
    this.#columns = columns;
    this.#skipped = skipped;
    this.tally = new RowTally(file, skipped);
  }

  /** @throws LabError at the end, if the file has no lines, or none of its objects has one of the columns */
  async *read(options: Pick<InspectOptions, 'signal' | 'onBytes'> = {}): AsyncGenerator<JsonRow, void> {
    let rows = 0;
    for await (const { line, value, fault } of this.#values(options)) {
      rows++;
      this.tally.count();
      const row = fault === undefined ? this.#rowOf(line, value) : this.#skip(line, fault, value);
      if (row) yield row;
    }
    if (rows === 0) throw new LabError('data', `${this.file.name} has no rows.`);
    this.#requireColumns();
  }

  /** Counts a row that was read as skipped. */
  reject({ line, cells }: JsonRow, column: string, reason: string, found = cells[column]): void {
    this.tally.skip(`${this.#unit} ${line}, column ${column}`, reason, shown(found));
  }

  /** @throws LabError if more than half of the rows read so far were skipped */
  requireMostlyUsable(): void {
    this.tally.requireMostlyUsable();
  }

  /** The value of each line; of a file that is one JSON array, each item. */
  async *#values(options: Pick<InspectOptions, 'signal' | 'onBytes'>): AsyncGenerator<JsonValue, void> {
    if (await beginsWithArray(this.file)) {
      this.#unit = 'item';
      for await (const { index, value } of readJsonArray(this.file, this.#skipped, options))
        yield { line: index + 1, value };
      return;
    }
    for await (const { line, text } of readLines(this.file, options)) {
      const value = text === null ? undefined : parsedLine(text, this.#skipped);
      if (text === null) yield { line, value: '', fault: `line larger than ${maximumLineSize / 1024 ** 2} MiB` };
      else yield value === undefined ? { line, value: text, fault: 'not valid JSON' } : { line, value };
    }
  }

  #skip(line: number, reason: string, found: unknown): undefined {
    this.tally.skip(`${this.#unit} ${line}`, reason, shown(found));
  }

  #rowOf(line: number, value: unknown): JsonRow | undefined {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return this.#skip(line, 'not a JSON object', value);
    if (isNestedTooDeep(value)) return this.#skip(line, 'nested too deep', '');
    for (const key of Object.keys(value)) if (this.#keys.size < 100 || this.#columns.includes(key)) this.#keys.add(key);
    // Without a prototype: a key that a line does not have is undefined, whatever its name.
    return { line, cells: { __proto__: null, ...(value as Record<string, unknown>) } };
  }

  #requireColumns(): void {
    const missing = this.#columns.filter((column) => !this.#keys.has(column));
    if (missing.length === 0 || this.#keys.size === 0) return;
    const found = [...this.#keys]
      .map((key) => key.slice(0, 40))
      .slice(0, 20)
      .join(', ');
    throw new LabError(
      'data',
      `${this.file.name} has no column ${missing.map((column) => `"${column}"`).join(', ')}. Columns found: ${found}.`,
      'Each line must be a JSON object with these keys.',
    );
  }
}

interface JsonValue {
  readonly line: number;
  /** With a fault, what was found instead. */
  readonly value: unknown;
  readonly fault?: string;
}

async function beginsWithArray(file: TextFile): Promise<boolean> {
  for await (const bytes of readAsUtf8(file)) {
    const start = bytes.toString('latin1').trimStart();
    if (start !== '') return start.startsWith('[');
  }
  return false;
}

/** A value as a cell of a table shows it. */
export function shown(value: unknown): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Undefined if it is not JSON: no JSON text means undefined. */
function parsedLine(text: string, skipped: SkippedRows): unknown {
  try {
    return parseExactJson(text, skipped);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Lines that are not empty; null for one that is too long. */
async function* readLines(
  file: TextFile,
  options: Pick<InspectOptions, 'signal' | 'onBytes'>,
): AsyncGenerator<{ line: number; text: string | null }, void> {
  let line = 1;
  let begun: Buffer[] = [];
  let size = 0;
  const take = (end: Buffer): string | null => {
    const text =
      size + end.length > maximumLineSize
        ? null
        : Buffer.concat([...begun, end])
            .toString('utf8')
            .trim();
    begun = [];
    size = 0;
    return text;
  };
  let afterCarriageReturn = false;
  for await (const bytes of readAsUtf8(file, options)) {
    let start = 0;
    for (let at = nextLineEnd(bytes, 0); at < bytes.length; at = nextLineEnd(bytes, start)) {
      const isSecondHalf = afterCarriageReturn && bytes[at] === 0x0a && at === start;
      const text = take(bytes.subarray(start, at));
      if (text !== '') yield { line, text };
      if (!isSecondHalf) line++;
      afterCarriageReturn = bytes[at] === 0x0d;
      start = at + 1;
    }
    if (start < bytes.length) afterCarriageReturn = false;
    size += bytes.length - start;
    if (size <= maximumLineSize) begun.push(bytes.subarray(start));
    else begun = [];
  }
  const text = take(Buffer.alloc(0));
  if (text !== '') yield { line, text };
}

/** The place of the next line feed or carriage return at or after `from`; the length if there is none. */
function nextLineEnd(bytes: Buffer, from: number): number {
  const lineFeed = bytes.indexOf(0x0a, from);
  const carriageReturn = bytes.subarray(0, lineFeed === -1 ? bytes.length : lineFeed).indexOf(0x0d, from);
  if (carriageReturn !== -1) return carriageReturn;
  return lineFeed === -1 ? bytes.length : lineFeed;
}
