import type { Delimiter } from '../../shared/table.ts';

/** How cells are separated and quoted. */
export interface CsvDialect {
  readonly delimiter: Delimiter;
  /**
   * `strict`: a quote within a cell that is not quoted, or text after a closing quote, is damage. `by cell`: a cell that
   * begins with a quote is quoted only if it also ends with one, else its quotes are text: tab-separated files are often
   * written without any quoting.
   */
  readonly quoting: 'strict' | 'by cell';
  /** How a quote is written inside a quoted cell: twice, or after a backslash as some databases export it. */
  readonly escape: 'doubled' | 'backslash';
}

/** The usual dialect of files with a delimiter. */
export function separatedBy(delimiter: Delimiter): CsvDialect {
  return { delimiter, quoting: delimiter === '\t' ? 'by cell' : 'strict', escape: 'doubled' };
}

export const commaSeparated: CsvDialect = separatedBy(',');

export interface CsvRecord {
  readonly cells: readonly string[];
  /** Where the next record begins, after the line break. */
  readonly end: number;
  readonly damage?: CsvDamage;
}

/** The first thing that is wrong in a record. */
export interface CsvDamage {
  /** Index of the cell. */
  readonly column: number;
  readonly reason: string;
  /** Of the quote that ended the cell, if it looks like one that begins a cell: the one before was probably never closed. */
  readonly opening?: number;
}

/** More text is needed to know where the record ends. */
export interface Unfinished {
  readonly inQuotes: boolean;
  /** The text before this place is understood. */
  readonly understood: number;
  /** What is wrong in the part that was read. */
  readonly damage?: CsvDamage | undefined;
}

/** Whether a text from one place to another may be one quoted cell; undefined if more text is needed to know. */
type AcceptsSpan = (start: number, end: number) => boolean | undefined;

/** Characters. In a file that is quoted by cell, a quote that is open for longer is text. */
const longestOpenQuote = 256 * 1024;

export const unclosedQuote = 'quote that is never closed';
const strayQuote = 'quote inside a field that is not quoted';
const undoubledQuote = 'quote inside a quoted field that is not doubled';

/** Where a quoted cell ends, and whether text follows its closing quote. */
interface QuotedCell {
  readonly value: string;
  /** After the closing quote; the length of the text if there is none. */
  readonly end: number;
  readonly ending: 'closed' | 'text follows' | 'unclosed';
}

/** Reads records of separated values. Which lines belong to a record is decided as Python's `csv` does. */
export class RecordReader {
  readonly #dialect: CsvDialect;
  /** What ends a cell that is not quoted. */
  readonly #cellEnd: RegExp;

  constructor(dialect: CsvDialect) {
    this.#dialect = dialect;
    this.#cellEnd = new RegExp(`[${dialect.delimiter}\\r\\n]`, 'g');
  }

  /**
   * The record that begins at `from`.
   *
   * @param atEnd whether the file ends with `text`
   * @param acceptsSpan asked about quoted cells of several lines in a file that is quoted by cell
   */
  read(text: string, from: number, atEnd: boolean, acceptsSpan: AcceptsSpan): CsvRecord | Unfinished {
    const cells: string[] = [];
    let damage: CsvDamage | undefined;
    for (let at = from; ;) {
      const quoted = this.#quotedCell(text, at, atEnd, acceptsSpan);
      if (quoted && 'inQuotes' in quoted) return quoted;
      const end = quoted?.ending === 'closed' ? quoted.end : this.#endOfCell(text, quoted?.end ?? at);
      cells.push(quoted ? quoted.value + text.slice(quoted.end, end) : text.slice(at, end));
      damage ??= this.#damageOf(text, quoted, at, end, cells.length - 1);
      if (text[end] === this.#dialect.delimiter) at = end + 1;
      else {
        const next = afterLineBreak(text, end, atEnd);
        if (next === undefined) return { inQuotes: false, understood: text.length, damage };
        return damage ? { cells, end: next, damage } : { cells, end: next };
      }
    }
  }

  #endOfCell(text: string, from: number): number {
    this.#cellEnd.lastIndex = from;
    return this.#cellEnd.exec(text)?.index ?? text.length;
  }

  /** Null if the cell at `start` is not quoted. */
  #quotedCell(text: string, start: number, atEnd: boolean, acceptsSpan: AcceptsSpan): QuotedCell | Unfinished | null {
    if (text[start] !== '"') return null;
    const found = this.#scanQuoted(text, start, atEnd);
    if (this.#dialect.quoting === 'strict') return found;
    if ('inQuotes' in found) return text.length - start > longestOpenQuote ? null : found;
    if (found.ending !== 'closed') return null;
    const accepted = !/[\r\n]/.test(text.slice(start, found.end)) || acceptsSpan(start, found.end);
    if (accepted === undefined) return { inQuotes: true, understood: start };
    return accepted ? found : null;
  }

  #scanQuoted(text: string, start: number, atEnd: boolean): QuotedCell | Unfinished {
    let escapes = false;
    for (let at = start + 1; ;) {
      const quote = text.indexOf('"', at);
      if (quote === -1) {
        if (atEnd) return { value: text.slice(start + 1), end: text.length, ending: 'unclosed' };
        return { inQuotes: true, understood: beforeBackslashes(text, text.length, at) };
      }
      if (this.#dialect.escape === 'backslash' && (quote - beforeBackslashes(text, quote, at)) % 2 === 1) {
        escapes = true;
        at = quote + 1;
      } else if (quote + 1 === text.length && !atEnd) return { inQuotes: true, understood: quote };
      else if (text[quote + 1] === '"') {
        escapes = true;
        at = quote + 2;
      } else {
        const value = text.slice(start + 1, quote);
        const next = text[quote + 1];
        const closes = next === undefined || next === this.#dialect.delimiter || isLineBreak(next);
        return {
          value: escapes ? this.#withoutEscapes(value) : value,
          end: quote + 1,
          ending: closes ? 'closed' : 'text follows',
        };
      }
    }
  }

  #withoutEscapes(value: string): string {
    if (this.#dialect.escape === 'doubled') return value.replaceAll('""', '"');
    return value.replace(/\\(["\\])|""/g, (_, escaped: string | undefined) => escaped ?? '"');
  }

  /** What is wrong with a cell. */
  #damageOf(
    text: string,
    quoted: QuotedCell | null,
    start: number,
    end: number,
    column: number,
  ): CsvDamage | undefined {
    if (this.#dialect.quoting === 'by cell') return undefined;
    if (!quoted) return text.slice(start, end).includes('"') ? { column, reason: strayQuote } : undefined;
    if (quoted.ending === 'closed') return undefined;
    if (quoted.ending === 'unclosed') return { column, reason: unclosedQuote };
    const opening = quoted.end - 1;
    const before = text[opening - 1]!;
    const looksLikeOpening = opening > start + 1 && (before === this.#dialect.delimiter || isLineBreak(before));
    return { column, reason: undoubledQuote, ...(looksLikeOpening && { opening }) };
  }
}

export function isLineBreak(character: string | undefined): boolean {
  return character === '\n' || character === '\r';
}

/** Where the backslashes before `at` begin; `from` at the earliest. */
function beforeBackslashes(text: string, at: number, from: number): number {
  let start = at;
  while (start > from && text[start - 1] === '\\') start--;
  return start;
}

/** The place after the line break (LF, CR LF or CR) at `at`; undefined if it may go on in later text. */
function afterLineBreak(text: string, at: number, atEnd: boolean): number | undefined {
  if (at >= text.length) return atEnd ? text.length : undefined;
  if (text[at] !== '\r') return at + 1;
  if (at + 1 === text.length && !atEnd) return undefined;
  return text[at + 1] === '\n' ? at + 2 : at + 1;
}
