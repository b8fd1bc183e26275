import {
  commaSeparated,
  isLineBreak,
  RecordReader,
  unclosedQuote,
  type CsvDialect,
  type CsvRecord,
  type Unfinished,
} from './csvRecord.ts';

/** Characters. In a larger row, a quote is assumed to be never closed. */
export const maximumRowSize = 1024 * 1024;
const tooLarge = 'row larger than 1 MiB, or a quote that is never closed';

export interface RawRow {
  readonly kind: 'row';
  /** Line of the file on which the row begins, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

export interface RawFault {
  readonly kind: 'fault';
  readonly line: number;
  /** Index of the column in which the fault was noticed. */
  readonly column: number;
  readonly reason: string;
}

/**
 * Cuts UTF-8 bytes into rows: every row comes out, as a row or as a fault. A quote that is never closed would make one
 * row of all that follows; if the lines after it look like rows, only its own line is a fault, and they are read as
 * rows. Memory is bounded by `maximumRowSize` and the size of a piece.
 */
export class CsvRows {
  readonly #dialect: CsvDialect;
  readonly #reader: RecordReader;
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  /** Cells of the first row. */
  #width: number | undefined;
  /** Text from the first row that is not finished on, and its line. */
  #held = '';
  #line = 1;
  /** What is held is the rest of a row that was too large; it is counted already. */
  #isRest = false;
  #output: (RawRow | RawFault)[] = [];

  constructor(dialect: CsvDialect = commaSeparated) {
    this.#dialect = dialect;
    this.#reader = new RecordReader(dialect);
  }

  /** Rows that `bytes` complete. */
  push(bytes: Buffer): (RawRow | RawFault)[] {
    return this.#read(this.#decoder.decode(bytes, { stream: true }), false);
  }

  /** The rows that remain at the end of the file. */
  finish(): (RawRow | RawFault)[] {
    return this.#read(this.#decoder.decode(), true);
  }

  #read(more: string, atEnd: boolean): (RawRow | RawFault)[] {
    const text = this.#held + more;
    this.#held = '';
    let at = 0;
    while ((at = this.#passBlankLines(text, at, atEnd)) < text.length) {
      const record = this.#readRecord(text, at, atEnd);
      const size = ('end' in record ? record.end : text.length) - at;
      if (size > maximumRowSize) at = this.#passLargeRow(text, at, record);
      else if ('end' in record) at = this.#take(text, at, record, atEnd);
      else {
        this.#held = text.slice(at);
        break;
      }
    }
    const output = this.#output;
    this.#output = [];
    return output;
  }

  #readRecord(text: string, at: number, atEnd: boolean): CsvRecord | Unfinished {
    return this.#reader.read(text, at, atEnd, (_, end) => {
      const lastEnd = nextLineBreak(text, end)?.start ?? (atEnd ? text.length : undefined);
      return lastEnd === undefined ? undefined : !this.#eachLineIsRow(text.slice(at, lastEnd));
    });
  }

  /** Empty lines between rows belong to no row. A carriage return at the end of `text` may be half of a line break: it is held. */
  #passBlankLines(text: string, from: number, atEnd: boolean): number {
    let at = from;
    while (isLineBreak(text[at])) {
      if (text[at] === '\r' && at + 1 === text.length && !atEnd) {
        this.#held = '\r';
        return text.length;
      }
      at += text.startsWith('\r\n', at) ? 2 : 1;
      this.#line++;
    }
    return at;
  }

  /** Gives out the record at `from`; returns where the next one begins. */
  #take(text: string, from: number, record: CsvRecord, atEnd: boolean): number {
    const isRest = this.#isRest;
    this.#isRest = false;
    let { end } = record;
    if (isRest) end = record.damage?.opening === undefined ? end : lineStart(text, record.damage.opening, from);
    else if (this.#isUnclosed(text, from, record, atEnd)) {
      end = nextLineBreak(text, from)!.end;
      this.#report(record.damage?.column ?? 0, unclosedQuote);
    } else if (record.damage) this.#report(record.damage.column, record.damage.reason);
    else if (!this.#isSeparatorLine(text.slice(from, end))) this.#giveOut(record.cells);
    this.#line += countLineBreaks(text.slice(from, end));
    return end;
  }

  #giveOut(cells: readonly string[]): void {
    this.#width ??= cells.length;
    if (cells.length === this.#width) this.#output.push({ kind: 'row', line: this.#line, cells });
    else
      this.#report(
        Math.min(cells.length, this.#width) - 1,
        cells.length < this.#width ? 'too few columns' : 'too many columns',
      );
  }

  #report(column: number, reason: string): void {
    this.#output.push({ kind: 'fault', line: this.#line, column, reason });
  }

  /** Excel names the delimiter in a line of its own before the header. */
  #isSeparatorLine(line: string): boolean {
    return this.#line === 1 && this.#width === undefined && separatorOf(line) === this.#dialect.delimiter;
  }

  // --- Quotes that are never closed ------------------------------------------------------------

  /** Whether the quote that makes one record of several lines was never closed. */
  #isUnclosed(text: string, from: number, { end, damage }: CsvRecord, atEnd: boolean): boolean {
    const firstEnd = nextLineBreak(text, from)?.end ?? end;
    if (firstEnd >= end || this.#width === undefined) return false;
    const lines = text.slice(from, end).trimEnd();
    if (!damage) return this.#eachLineIsRow(lines);
    return (
      damage.opening !== undefined || this.#eachLineIsRow(lines, 2) || this.#containsRows(text, firstEnd, end, atEnd)
    );
  }

  /** Whether at least half of the lines from one place to another are sound rows. */
  #containsRows(text: string, from: number, to: number, atEnd: boolean): boolean {
    let [lines, soundLines] = [0, 0];
    for (let at = from; at < to;) {
      const record = this.#readRecord(text, at, atEnd);
      const isRow = 'end' in record && record.end <= to && !record.damage && record.cells.length === this.#width;
      const end = isRow ? record.end : (nextLineBreak(text, at)?.end ?? to);
      const count = Math.max(1, countLineBreaks(text.slice(at, end)));
      lines += count;
      if (isRow) soundLines += count;
      at = end;
    }
    return lines > 0 && soundLines * 2 >= lines;
  }

  /**
   * Whether the lines of a record look like rows of their own: with quotes as text, nearly all of them, the first and
   * the last included, have the right number of cells. The fewer cells a row has, the more lines it takes: a text with
   * one comma in each of two lines is no surprise, one with tabs is. Of a damaged record, two lines are enough.
   */
  #eachLineIsRow(record: string, fewest?: number): boolean {
    const width = this.#width ?? 1;
    const lines = record.split(/\r\n|\r|\n/);
    const isRow = (line: string): boolean => line.split(this.#dialect.delimiter).length === width;
    if (width === 1 || !isRow(lines[0]!) || !isRow(lines.at(-1)!)) return false;
    const enough = fewest ?? (this.#dialect.delimiter === '\t' ? 2 : 1 + Math.ceil(6 / (width - 1)));
    return lines.length >= enough && lines.filter(isRow).length >= 0.8 * lines.length;
  }

  /** A row that is larger than the limit; returns where to continue. */
  #passLargeRow(text: string, from: number, record: CsvRecord | Unfinished): number {
    if (!this.#isRest) {
      this.#report(0, tooLarge);
      const firstEnd = nextLineBreak(text, from)?.end;
      if (firstEnd !== undefined && this.#containsRows(text, firstEnd, text.length, false)) {
        this.#line++;
        return firstEnd;
      }
      this.#isRest = true;
    }
    if ('end' in record) return this.#take(text, from, record, false);
    const { inQuotes, understood, damage } = record;
    if (damage?.opening !== undefined) {
      this.#isRest = false;
      const begin = lineStart(text, damage.opening, from);
      this.#line += countLineBreaks(text.slice(from, begin));
      return begin;
    }
    const before = text[understood - 1]!;
    // What was understood is dropped, except what the rest is read by: an open quote, and what a cell begins after.
    const begin = inQuotes ? `"${before === this.#dialect.delimiter ? before : ''}` : before;
    this.#held = begin + text.slice(understood);
    this.#line += countLineBreaks(text.slice(from, understood));
    return text.length;
  }
}

/** The delimiter that a line such as "sep=;" names. */
export function separatorOf(line: string): string | undefined {
  return /^"?sep=(.)"?\s*$/i.exec(line)?.[1];
}

/** The first line break (LF, CR LF or CR) at or after `from`. */
function nextLineBreak(text: string, from: number): { start: number; end: number } | undefined {
  const lineBreak = /\r\n|\r|\n/g;
  lineBreak.lastIndex = from;
  const found = lineBreak.exec(text);
  return found ? { start: found.index, end: lineBreak.lastIndex } : undefined;
}

/** Where the line begins that has the character at `at`; `from` at the earliest. */
function lineStart(text: string, at: number, from: number): number {
  let start = at;
  while (start > from && !isLineBreak(text[start - 1])) start--;
  return start;
}

function countLineBreaks(text: string): number {
  let count = 0;
  for (let at = nextLineBreak(text, 0); at; at = nextLineBreak(text, at.end)) count++;
  return count;
}
