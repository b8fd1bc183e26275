import { Parser, type CsvError } from 'csv-parse';
import { LabError } from '../../shared/errors.ts';
import type { Delimiter } from '../../shared/table.ts';

/** Bytes. In a larger row, a quote is assumed to be never closed. */
export const maximumRowSize = 1024 * 1024;
/** With more rows of this kind, a file is refused: each costs reading a megabyte twice. */
const maximumEndlessRows = 50;

/** How cells are separated. */
export interface CsvDialect {
  readonly delimiter: Delimiter;
  /**
   * Whether a quote within a cell that is not quoted, or after a closing quote, is text; else it is
   * damage. Tab-separated files are often written without any quoting.
   */
  readonly looseQuotes: boolean;
}

export const commaSeparated: CsvDialect = { delimiter: ',', looseQuotes: false };

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

const quoteFaults: Record<string, string> = {
  CSV_INVALID_CLOSING_QUOTE: 'quote inside a quoted field that is not doubled',
  INVALID_OPENING_QUOTE: 'quote inside a field that is not quoted',
  CSV_QUOTE_NOT_CLOSED: 'quote that is never closed',
  CSV_MAX_RECORD_SIZE: 'row larger than 1 MiB, or a quote that is never closed',
};
const endlessFaults = new Set(['CSV_QUOTE_NOT_CLOSED', 'CSV_MAX_RECORD_SIZE']);

/**
 * Cuts UTF-8 bytes into rows, and continues after damage. csv-parse stops at the first misplaced
 * quote; this reads on with a fresh parser at the line after the one where the damaged row began,
 * and treats what follows as the rest of that row until a row of the right width appears or a line
 * begins like a row of its own. Memory is bounded by `maximumRowSize` and the size of a piece.
 */
export class CsvRows {
  readonly #name: string;
  readonly #dialect: CsvDialect;
  #width: number | undefined;
  #parser: Parser;
  #parsed: { cells: string[]; end: number }[] = [];
  /** Bytes from the first row that is not finished on; `heldOffset` and `heldLine` say where that is. */
  #held: Buffer = Buffer.alloc(0);
  #heldOffset = 0;
  #heldLine = 1;
  /** The last byte that was dropped was a carriage return: a line feed that follows ends the same line. */
  #afterCarriageReturn = false;
  /** Offset at which the present parser began, and up to which it was fed. */
  #parserStart = 0;
  #fedUpTo = 0;
  /** The rest of a damaged row is being skipped. */
  #recovering = false;
  /** The line on which a damaged row began is being skipped. */
  #seekingLineBreak = false;
  #endlessRows = 0;
  #output: (RawRow | RawFault)[] = [];

  /** `name` of the file, for messages. */
  constructor(name: string, dialect: CsvDialect = commaSeparated) {
    this.#name = name;
    this.#dialect = dialect;
    this.#parser = this.#freshParser();
  }

  /** Rows that `bytes` complete. */
  async push(bytes: Buffer): Promise<(RawRow | RawFault)[]> {
    this.#held = this.#held.length > 0 ? Buffer.concat([this.#held, bytes]) : bytes;
    await this.#parseHeld(false);
    return this.#takeOutput();
  }

  /** The rows that remain at the end of the file. */
  async finish(): Promise<(RawRow | RawFault)[]> {
    await this.#parseHeld(true);
    return this.#takeOutput();
  }

  #takeOutput(): (RawRow | RawFault)[] {
    const output = this.#output;
    this.#output = [];
    return output;
  }

  async #parseHeld(end: boolean): Promise<void> {
    for (;;) {
      if (this.#seekingLineBreak && !this.#passLine()) return;
      const error = await this.#feed(this.#held.subarray(this.#fedUpTo - this.#heldOffset), end);
      this.#emitParsed();
      if (!error) return;
      this.#handleFault(error);
    }
  }

  /** Gives the parser its next bytes; its rows arrive in `parsed` meanwhile. */
  #feed(bytes: Buffer, end: boolean): Promise<CsvError | undefined> {
    this.#fedUpTo += bytes.length;
    return new Promise((resolve) => {
      const done = (error?: Error | null): void => resolve((error as CsvError | null | undefined) ?? undefined);
      if (end) this.#parser.end(bytes, done);
      else this.#parser.write(bytes, done);
    });
  }

  #emitParsed(): void {
    for (const { cells, end } of this.#parsed) {
      const line = this.#lineOfNextRow();
      this.#release(end);
      this.#width ??= cells.length;
      if (cells.length === this.#width) {
        this.#recovering = false;
        this.#output.push({ kind: 'row', line, cells });
      } else if (!this.#recovering || this.#beginsLikeRow(`${cells[0]}${this.#dialect.delimiter}`)) {
        const reason = cells.length < this.#width ? 'too few columns' : 'too many columns';
        this.#output.push({ kind: 'fault', line, column: Math.min(cells.length, this.#width) - 1, reason });
      }
    }
    this.#parsed = [];
  }

  #handleFault(error: CsvError): void {
    const reason = quoteFaults[error.code];
    if (reason === undefined) throw error;
    const line = this.#lineOfNextRow();
    if (endlessFaults.has(error.code) && ++this.#endlessRows > maximumEndlessRows) throw this.#tooDamaged(line);
    if (!this.#recovering || this.#beginsLikeRow(this.#held.toString('latin1', 0, 24))) {
      this.#output.push({ kind: 'fault', line, column: Number(error['column']), reason });
    }
    this.#recovering = true;
    this.#seekingLineBreak = true;
  }

  /** Moves past the next line break and starts a parser there; false if no line break has been read yet. */
  #passLine(): boolean {
    const lineBreak = nextLineBreak(this.#held, 0);
    this.#release(this.#heldOffset + (lineBreak?.end ?? this.#held.length));
    this.#fedUpTo = this.#heldOffset;
    if (!lineBreak) return false;
    this.#seekingLineBreak = false;
    this.#parserStart = this.#heldOffset;
    this.#parser = this.#freshParser();
    return true;
  }

  /** Empty lines between rows belong to no row. */
  #lineOfNextRow(): number {
    let blank = 0;
    while (this.#held[blank] === 10 || this.#held[blank] === 13) blank++;
    this.#release(this.#heldOffset + blank);
    return this.#heldLine;
  }

  /** Drops the bytes before `offset`, counting their lines. */
  #release(offset: number): void {
    const length = offset - this.#heldOffset;
    const released = this.#held.subarray(0, length);
    const counted = this.#afterCarriageReturn && released[0] === 10 ? 1 : 0;
    for (let at = nextLineBreak(released, counted); at; at = nextLineBreak(released, at.end)) this.#heldLine++;
    if (length > 0) this.#afterCarriageReturn = released[length - 1] === 13;
    this.#held = this.#held.subarray(length);
    this.#heldOffset = offset;
  }

  #freshParser(): Parser {
    const parser = new Parser({
      delimiter: this.#dialect.delimiter,
      relax_quotes: this.#dialect.looseQuotes,
      max_record_size: maximumRowSize,
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      skip_empty_lines: true,
      on_record: (cells: string[], context) => {
        // `bytes` counts from where this parser began to the end of the row.
        this.#parsed.push({ cells, end: this.#parserStart + context.bytes });
        return null;
      },
    });
    parser.on('error', () => undefined); // reported through the callback of write and end
    return parser;
  }

  /** With a whole number and a delimiter, as a row with an id does, and the text of a post rarely. */
  #beginsLikeRow(text: string): boolean {
    const number = /^"?\d+"?/.exec(text);
    return number !== null && text.startsWith(this.#dialect.delimiter, number[0].length);
  }

  #tooDamaged(line: number): LabError {
    return new LabError(
      'data',
      `${this.#name}, line ${line}: more than ${maximumEndlessRows} rows are larger than 1 MiB or have a quote that is never closed.`,
      'A quote inside a quoted field must be doubled. Check that it is the right kind of file.',
    );
  }
}

/** The first line break (LF, CR LF or CR) at or after `from`. */
function nextLineBreak(bytes: Buffer, from: number): { start: number; end: number } | undefined {
  const lineFeed = bytes.indexOf(10, from);
  const beforeLineFeed = lineFeed === -1 ? bytes : bytes.subarray(0, lineFeed);
  const carriageReturn = beforeLineFeed.indexOf(13, from);
  if (carriageReturn === -1) return lineFeed === -1 ? undefined : { start: lineFeed, end: lineFeed + 1 };
  return { start: carriageReturn, end: carriageReturn + 1 === lineFeed ? lineFeed + 1 : carriageReturn + 1 };
}
