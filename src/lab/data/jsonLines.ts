import { LabError } from '../../shared/errors.ts';
import { isNestedTooDeep } from '../../shared/json.ts';
import { parseJson } from '../../shared/parseJson.ts';
import { readAsUtf8, type TextFile, type InspectOptions } from './encoding.ts';
import { RowTally } from './rowTally.ts';
import type { SkippedRows } from './skippedRows.ts';

/** Bytes; a line may have a question with all its answers. A longer line is skipped. */
export const maximumLineSize = 16 * 1024 * 1024;
const lineFeed = 0x0a;

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
  readonly #keys = new Set<string>();

  /** @param columns keys that must occur in the file, if not in every line */
  constructor(file: TextFile, columns: readonly string[], skipped: SkippedRows) {
    this.file = file;
    this.#columns = columns;
    this.tally = new RowTally(file, skipped);
  }

  /** @throws LabError at the end, if the file has no lines, or none of its objects has one of the columns */
  async *read(options: Pick<InspectOptions, 'signal' | 'onBytes'> = {}): AsyncGenerator<JsonRow, void> {
    let lines = 0;
    for await (const { line, text } of readLines(this.file, options)) {
      lines++;
      this.tally.count();
      const row = this.#parse(line, text);
      if (row) yield row;
    }
    if (lines === 0) throw new LabError('data', `${this.file.name} has no rows.`);
    this.#requireColumns();
  }

  /** Counts a row that was read as skipped. */
  reject({ line, cells }: JsonRow, column: string, reason: string): void {
    this.tally.skip(`line ${line}, column ${column}`, reason, shown(cells[column]));
  }

  /** @throws LabError if more than half of the rows read so far were skipped */
  requireMostlyUsable(): void {
    this.tally.requireMostlyUsable();
  }

  #parse(line: number, text: string | null): JsonRow | undefined {
    const skip = (reason: string, found: string): undefined => {
      this.tally.skip(`line ${line}`, reason, found);
    };
    if (text === null) return skip(`line larger than ${maximumLineSize / 1024 ** 2} MiB`, '');
    const value = parsedLine(text);
    if (value === undefined) return skip('not valid JSON', text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return skip('not a JSON object', text);
    if (isNestedTooDeep(value)) return skip('nested too deep', text);
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

/** A value as a cell of a table shows it. */
export function shown(value: unknown): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Undefined if it is not JSON: no JSON text means undefined. */
function parsedLine(text: string): unknown {
  try {
    return parseJson(text);
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
  for await (const bytes of readAsUtf8(file, options)) {
    let start = 0;
    for (let at = bytes.indexOf(lineFeed); at !== -1; at = bytes.indexOf(lineFeed, start)) {
      const text = take(bytes.subarray(start, at));
      if (text !== '') yield { line, text };
      line++;
      start = at + 1;
    }
    size += bytes.length - start;
    if (size <= maximumLineSize) begun.push(bytes.subarray(start));
    else begun = [];
  }
  const text = take(Buffer.alloc(0));
  if (text !== '') yield { line, text };
}
