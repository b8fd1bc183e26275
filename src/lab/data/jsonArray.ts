import { LabError } from '../../shared/errors.ts';
import { parseExactJson } from './exactJson.ts';
import type { SkippedRows } from './skippedRows.ts';
import { readAsUtf8, type TextFile, type InspectOptions } from './encoding.ts';

/** Bytes. A larger item is treated as damage. */
const maximumItemSize = 64 * 1024 * 1024;

const [quote, backslash, comma] = [0x22, 0x5c, 0x2c];
const opening = new Set([0x5b, 0x7b]);
const closing = new Set([0x5d, 0x7d]);
const space = new Set([0x20, 0x09, 0x0a, 0x0d]);

/**
 * The items of a JSON file that is one array, one at a time, in memory bounded by the largest item.
 *
 * @throws LabError with the index of the item that is not JSON
 */
export async function* readJsonArray(
  file: TextFile,
  skipped: SkippedRows,
  options: Pick<InspectOptions, 'signal' | 'onBytes'> = {},
): AsyncGenerator<{ index: number; value: unknown }, void> {
  const splitter = new ArraySplitter(file.name);
  let index = 0;
  for await (const bytes of readAsUtf8(file, options)) {
    for (const text of splitter.push(bytes)) yield { index, value: parseItem(file, text, index++, skipped) };
  }
  splitter.finish();
}

function parseItem(file: TextFile, text: string, index: number, skipped: SkippedRows): unknown {
  try {
    return parseExactJson(text, skipped);
  } catch (cause) {
    const problem = (cause as Error).message;
    throw new LabError('data', `${file.name}, item ${index} is not valid JSON: ${problem}.`, '', { cause });
  }
}

/** Finds where the items of an array begin and end, by depth and quotes; their content is not checked. */
class ArraySplitter {
  readonly #name: string;
  #depth = 0;
  #inString = false;
  #escaped = false;
  #ended = false;
  #items = 0;
  /** Pieces of the item that earlier bytes began. */
  #begun: Buffer[] = [];
  #begunSize = 0;

  constructor(name: string) {
    this.#name = name;
  }

  *push(bytes: Buffer): Generator<string> {
    let start = 0;
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at]!;
      if (this.#inString) this.#continueString(byte);
      else if (this.#depth === 0) {
        this.#beginArray(byte);
        start = at + 1;
      } else if (byte === quote) this.#inString = true;
      else if (opening.has(byte)) this.#depth++;
      else if (closing.has(byte)) {
        if (--this.#depth > 0) continue;
        this.#endArray(byte);
        const last = this.#takeItem(bytes.subarray(start, at));
        if (last !== '' || this.#items > 0) yield last;
      } else if (byte === comma && this.#depth === 1) {
        yield this.#takeItem(bytes.subarray(start, at));
        this.#items++;
        start = at + 1;
      }
    }
    if (this.#depth > 0) this.#keep(bytes.subarray(start));
  }

  /** @throws LabError if the array has not ended */
  finish(): void {
    if (this.#ended) return;
    const where = this.#depth === 0 ? 'it contains no array' : `it ends within item ${this.#items}`;
    throw new LabError('data', `${this.#name} is not complete: ${where}.`, 'Get the whole file and import it again.');
  }

  #continueString(byte: number): void {
    if (this.#escaped) this.#escaped = false;
    else if (byte === backslash) this.#escaped = true;
    else if (byte === quote) this.#inString = false;
  }

  #beginArray(byte: number): void {
    if (space.has(byte)) return;
    if (byte === 0x5b && !this.#ended) {
      this.#depth = 1;
      return;
    }
    const found = this.#ended ? 'something after its end' : `"${String.fromCharCode(byte)}" at its beginning`;
    throw new LabError('data', `${this.#name} should be one JSON array and has ${found}.`, layoutHint);
  }

  #endArray(byte: number): void {
    this.#ended = true;
    if (byte === 0x5d) return;
    throw new LabError(
      'data',
      `${this.#name}, item ${this.#items}: the array ends with "}" where "]" belongs.`,
      layoutHint,
    );
  }

  #keep(bytes: Buffer): void {
    this.#begun.push(bytes);
    this.#begunSize += bytes.length;
    if (this.#begunSize <= maximumItemSize) return;
    throw new LabError('data', `${this.#name}, item ${this.#items} is larger than 64 MiB.`, layoutHint);
  }

  #takeItem(end: Buffer): string {
    const text = Buffer.concat([...this.#begun, end])
      .toString('utf8')
      .trim();
    this.#begun = [];
    this.#begunSize = 0;
    return text;
  }
}

const layoutHint = 'Expected: [{"question": {…}, "answers": [{…}, …]}, …].';
