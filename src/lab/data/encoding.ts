import { isAscii, isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { LabError } from '../../shared/errors.ts';
import { readPieces } from '../files/readPieces.ts';
import { asReadingError } from '../files/storage.ts';
import { foreignFileStart, refuseForeignFile } from '../files/foreignFile.ts';
import { encodingNamed, encodings, type Encoding } from '../../shared/encodings.ts';
import { formatBeginning } from '../../shared/format.ts';
import {
  decoderOf,
  guessEncodings,
  sufficientConfidence,
  utf16WithoutMark,
  type EncodingGuess,
} from './detectEncoding.ts';

/** A text file and how to read it. */
export interface TextFile {
  readonly path: string;
  /** File name without its folder, for messages and manifests. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  readonly encoding: Encoding;
  /** Bytes of the byte order mark: 0, 2 or 3. */
  readonly byteOrderMark: number;
  /** Of a detected encoding that nothing proves: how sure the detector is, from 0 to 1, and a line as it is read. */
  readonly detection?: { readonly confidence: number; readonly line: string };
}

/** An input file as it was before anything was read from it. */
export interface InputFile extends TextFile {
  /** Of the bytes on disk, hexadecimal. */
  readonly sha256: string;
}

export interface InspectOptions {
  /** Used instead of detection; a file in another encoding is an error. */
  readonly encoding?: Encoding | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called with the bytes of each piece read. */
  readonly onBytes?: (bytes: number) => void;
}

/** @throws LabError naming the known encodings */
export function parseEncoding(name: string): Encoding {
  const known = encodingNamed(name);
  if (known) return known;
  throw new LabError('usage', `Unknown encoding "${name}".`, `Use one of: ${encodings.join(', ')}.`);
}

/**
 * Reads a whole file once, for its encoding and hash. A byte order mark decides; else zero bytes in every other place
 * are UTF-16; else a file that is valid UTF-8 throughout is UTF-8; else a detector finds the likeliest encoding.
 *
 * @throws LabError for a file that does not exist, is empty, is known to be something else than text, is not in the
 * encoding asked for, is mostly but not completely UTF-8 (read otherwise, every accented letter in it would be wrong),
 * or whose encoding is uncertain
 */
export async function inspectFile(path: string, options: InspectOptions = {}): Promise<InputFile> {
  const name = basename(path);
  const size = await sizeOfFile(path);
  const hash = createHash('sha256');
  const evidence = new Utf8Evidence();
  let start: Buffer | undefined;
  for await (const chunk of readChunks({ path, size }, 0, options.signal)) {
    start ??= chunk.subarray(0, foreignFileStart);
    hash.update(chunk);
    evidence.add(chunk);
    options.onBytes?.(chunk.length);
  }
  evidence.end();
  const file = await judge({ path, name, size }, start!, evidence, options.encoding);
  return { ...file, sha256: hash.digest('hex') };
}

/** As `inspectFile`, from the first `bytes` only: for a preview of a file of any size. */
export async function inspectStart(path: string, bytes: number, encoding?: Encoding): Promise<TextFile> {
  const size = await sizeOfFile(path);
  const evidence = new Utf8Evidence();
  let start: Buffer | undefined;
  for await (const chunk of readChunks({ path, size }, 0, undefined, bytes)) {
    start ??= chunk.subarray(0, foreignFileStart);
    evidence.add(chunk);
  }
  if (size <= bytes) evidence.end();
  return judge({ path, name: basename(path), size }, start!, evidence, encoding);
}

/** @param asked the encoding that was asked for */
async function judge(
  file: Pick<TextFile, 'path' | 'name' | 'size'>,
  start: Buffer,
  evidence: Utf8Evidence,
  asked: Encoding | undefined,
): Promise<TextFile> {
  refuseForeignFile(file.name, start);
  const mark = findByteOrderMark(start);
  const certain =
    asked ?? mark?.encoding ?? utf16WithoutMark(start) ?? (evidence.looksLikeUtf8() ? 'utf-8' : undefined);
  if (certain === undefined) return detected(file, evidence.sample());
  const encoding = certain;
  if (encoding === 'utf-8' && evidence.firstInvalid !== undefined) {
    throw await notUtf8(file, evidence, asked !== undefined || mark !== undefined);
  }
  return { ...file, encoding, byteOrderMark: mark?.encoding === encoding ? mark.length : 0 };
}

/** A file in an encoding that only its letters tell. */
function detected(file: Pick<TextFile, 'path' | 'name' | 'size'>, sample: Buffer): TextFile {
  const guesses = guessEncodings(sample);
  const [best] = guesses;
  if (!best || best.confidence < sufficientConfidence) throw uncertainEncoding(file.name, guesses, sample);
  const { encoding, confidence } = best;
  return { ...file, encoding, byteOrderMark: 0, detection: { confidence, line: lineIn(sample, encoding) } };
}

function uncertainEncoding(name: string, guesses: readonly EncodingGuess[], sample: Buffer): LabError {
  const shown = guesses.slice(0, 2).map(({ encoding }) => `${encoding} ("${lineIn(sample, encoding)}")`);
  return new LabError(
    'data',
    `${name} is not UTF-8, and its encoding is uncertain: ${shown.length > 0 ? `it may be ${shown.join(' or ')}` : 'no known encoding fits'}.`,
    'Name its encoding: --encoding <name>, or choose it on the screen.',
  );
}

/** The first line of the sample that is not ASCII, shortened. */
function lineIn(sample: Buffer, encoding: Encoding): string {
  const text = decoderOf(encoding).decode(sample);
  const line = text.split(/[\r\n]+/).find((each) => /[^\0-\x7f]/.test(each)) ?? '';
  return formatBeginning(line, 80);
}

/** The file's text as UTF-8 bytes, piece by piece, without its byte order mark. */
export async function* readAsUtf8(
  file: TextFile,
  options: Pick<InspectOptions, 'signal' | 'onBytes'> = {},
): AsyncGenerator<Buffer> {
  const toUtf8 = transcoder(file);
  for await (const chunk of readChunks(file, file.byteOrderMark, options.signal)) {
    options.onBytes?.(chunk.length);
    yield toUtf8(chunk);
  }
  yield toUtf8(undefined);
}

/** @throws LabError if the file has changed since it was inspected */
export async function checkUnchanged(file: TextFile): Promise<void> {
  const size = await sizeOfFile(file.path);
  if (size === file.size) return;
  throw new LabError(
    'data',
    `${file.name} changed while it was read: ${file.size} bytes before, ${size} bytes now.`,
    'Import it again when no program writes to it.',
  );
}

type Transcoder = (chunk: Buffer | undefined) => Buffer;

/** Turns pieces of the file into UTF-8; called with undefined once at the end. */
function transcoder(file: TextFile): Transcoder {
  const nothing = Buffer.alloc(0);
  switch (file.encoding) {
    case 'utf-8':
      return (chunk) => chunk ?? nothing;
    case 'latin-1':
      // Not TextDecoder: for the web, "latin1" is another name of windows-1252.
      return (chunk) => (chunk ? Buffer.from(chunk.toString('latin1'), 'utf8') : nothing);
    default: {
      const decoder = new TextDecoder(file.encoding, { fatal: true, ignoreBOM: true });
      let decodedBytes = 0;
      return (chunk) => {
        try {
          const text = chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode();
          decodedBytes += chunk?.length ?? 0;
          return Buffer.from(text, 'utf8');
        } catch (cause) {
          throw new LabError(
            'data',
            `${file.name} is not ${file.encoding}: bytes after the first ${decodedBytes} are not valid in it.`,
            encodingHint,
            { cause },
          );
        }
      };
    }
  }
}

const encodingHint = 'Name another encoding (--encoding), or let LossLab detect it.';

/** How much of a file is looked at to detect an encoding other than UTF-8. */
const sampleBytes = 512 * 1024;

/** Evidence for and against a file being UTF-8; pieces may cut characters anywhere. */
class Utf8Evidence {
  /** Offset in the file of the first byte that is not valid UTF-8. */
  firstInvalid: number | undefined;
  /** Characters outside ASCII that are valid UTF-8, and replacements for bytes that are not. */
  valid = 0;
  invalid = 0;
  /** Pieces that are not ASCII. */
  readonly #sample: Buffer[] = [];
  #sampleSize = 0;
  #carry: Buffer = Buffer.alloc(0);
  #offset = 0;
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });

  add(chunk: Buffer): void {
    if (this.#carry.length === 0 && isAscii(chunk)) {
      this.#offset += chunk.length;
      return;
    }
    if (this.#sampleSize < sampleBytes) {
      this.#sample.push(Buffer.from(chunk));
      this.#sampleSize += chunk.length;
    }
    const block = this.#carry.length > 0 ? Buffer.concat([this.#carry, chunk]) : chunk;
    const complete = completeLength(block);
    this.#carry = Buffer.from(block.subarray(complete));
    this.#weigh(block.subarray(0, complete));
  }

  /** Bytes that remain at the end of the file are a character cut short. */
  end(): void {
    this.#weigh(this.#carry);
  }

  looksLikeUtf8(): boolean {
    return this.firstInvalid === undefined || this.valid > this.invalid;
  }

  /** Bytes to detect another encoding by: whole lines, if there are several. */
  sample(): Buffer {
    const all = Buffer.concat(this.#sample);
    const end = all.lastIndexOf(10);
    return this.#sampleSize < sampleBytes || end === -1 ? all : all.subarray(0, end);
  }

  #weigh(block: Buffer): void {
    if (!isUtf8(block)) {
      this.firstInvalid ??= this.#offset + validLength(block);
    }
    const text = this.#decoder.decode(block);
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code === 0xfffd) this.invalid++;
      else if (code > 0x7f) this.valid++;
    }
    this.#offset += block.length;
  }
}

/** Length of `block` without a UTF-8 character that is cut short at its end. */
function completeLength(block: Buffer): number {
  for (let back = 1; back <= Math.min(3, block.length); back++) {
    const byte = block[block.length - back]!;
    if (byte < 0x80) return block.length;
    if (byte < 0xc0) continue;
    const characterLength = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    return characterLength > back ? block.length - back : block.length;
  }
  return block.length;
}

/** Length of the longest start of `block` that is valid UTF-8, by bisection. */
function validLength(block: Buffer): number {
  let valid = 0;
  let invalid = block.length;
  const isValid = (length: number): boolean => isUtf8(block.subarray(0, completeLength(block.subarray(0, length))));
  while (invalid - valid > 1) {
    const middle = (valid + invalid) >> 1;
    if (isValid(middle)) valid = middle;
    else invalid = middle;
  }
  return completeLength(block.subarray(0, valid));
}

function findByteOrderMark(start: Buffer): { encoding: Encoding; length: number } | undefined {
  if (start[0] === 0xef && start[1] === 0xbb && start[2] === 0xbf) return { encoding: 'utf-8', length: 3 };
  if (start[0] === 0xff && start[1] === 0xfe) return { encoding: 'utf-16le', length: 2 };
  if (start[0] === 0xfe && start[1] === 0xff) return { encoding: 'utf-16be', length: 2 };
  return undefined;
}

async function notUtf8(
  file: Pick<TextFile, 'path' | 'name' | 'size'>,
  evidence: Utf8Evidence,
  claimed: boolean,
): Promise<LabError> {
  const offset = evidence.firstInvalid!;
  const line = await lineOfByte(file, offset);
  const where = `byte ${offset} (line ${line}) is not valid UTF-8`;
  const message = claimed
    ? `${file.name} is not UTF-8: ${where}.`
    : `${file.name} looks like UTF-8 (${evidence.valid} characters) but is damaged in ${evidence.invalid} places: ${where}.`;
  const fix = claimed ? encodingHint : `Repair the file, or name its encoding (${encodings.join(', ')}).`;
  return new LabError('data', message, fix);
}

async function lineOfByte(file: Pick<TextFile, 'path' | 'size'>, offset: number): Promise<number> {
  let line = 1;
  let left = offset;
  for await (const chunk of readChunks(file, 0)) {
    for (let at = chunk.indexOf(10); at !== -1 && at < left; at = chunk.indexOf(10, at + 1)) line++;
    left -= chunk.length;
    if (left <= 0) break;
  }
  return line;
}

/** @param end where to stop: bytes from the beginning of the file */
function readChunks(
  { path, size }: Pick<TextFile, 'path' | 'size'>,
  start: number,
  signal?: AbortSignal,
  end = Infinity,
): AsyncIterable<Buffer> {
  // A piece takes its full size in memory, also if there is little to read.
  return readPieces(path, { start, end: end - 1, highWaterMark: Math.min(256 * 1024, size), signal });
}

/** Bytes. @throws LabError if `path` does not exist, is empty or is not a file */
export async function sizeOfFile(path: string): Promise<number> {
  try {
    const info = await stat(path);
    if (!info.isFile()) throw new LabError('data', `${path} is not a file.`);
    if (info.size === 0) throw new LabError('data', `${path} is empty.`);
    return info.size;
  } catch (error) {
    if (error instanceof LabError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    const inWords = asReadingError(error, path);
    throw inWords instanceof LabError
      ? inWords
      : new LabError(
          'data',
          `${path} cannot be read: ${code === 'ENOENT' ? 'no such file' : message}.`,
          'Name an existing file.',
          { cause: error },
        );
  }
}
