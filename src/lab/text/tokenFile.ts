/**
 * A file with the tokens of a corpus. It is written in portions and read text by text, so that only the offsets need
 * memory. A file is used only if it is complete: its checksum is verified when it is opened.
 *
 * Little-endian like every system that LossLab runs on:
 *
 * 0 magic 'LLTOKENS' 32 truncated texts, u32 8 format version, u32 36 0 12 bytes per id, u32 40 key, sha256 16 number
 * of texts, u64 72 sha256 of ids, offsets and the header before this 24 number of tokens, u64 104 ids; offsets, f64
 * each
 */
import { createHash, type Hash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { LabError } from '../../shared/errors.ts';
import { AtomicFileWriter } from '../files/atomicFile.ts';
import { idsInMemory, newTokenIds, TokenStore, type IdSource, type TokenIds } from './tokenStore.ts';
import { offsetsOf, type TokenTable } from './tokenTable.ts';

const magic = 'LLTOKENS';
const formatVersion = 2;
const headerBytes = 104;
const keyAt = 40;
const checksumAt = 72;
/** Bytes per read while the checksum is computed. */
const pieceBytes = 2 ** 22;

export type OpenedTokens = { readonly store: TokenStore } | { readonly fault: string };

/** Writes a complete file or none. The caller must call `finish` or `abandon`. Throws the file system's errors. */
export class TokenFileWriter {
  readonly #file: AtomicFileWriter;
  readonly #key: string;
  readonly #bytesPerId: 2 | 4;
  readonly #hash = createHash('sha256');
  readonly #lengths: Uint32Array[] = [];
  #truncated = 0;

  constructor(path: string, key: string, bytesPerId: 2 | 4) {
    this.#file = new AtomicFileWriter(path);
    this.#key = key;
    this.#bytesPerId = bytesPerId;
    // Without the magic until the end, when the numbers are known.
    this.#file.write(Buffer.alloc(headerBytes));
  }

  add({ ids, lengths, truncated }: TokenTable): void {
    this.#append(bytesOf(ids));
    this.#lengths.push(lengths);
    this.#truncated += truncated;
  }

  finish(): void {
    const offsets = offsetsOf(this.#lengths);
    this.#append(bytesOf(offsets));
    const header = Buffer.alloc(headerBytes);
    header.write(magic, 'latin1');
    header.writeUInt32LE(formatVersion, 8);
    header.writeUInt32LE(this.#bytesPerId, 12);
    header.writeBigUInt64LE(BigInt(offsets.length - 1), 16);
    header.writeBigUInt64LE(BigInt(offsets.at(-1)!), 24);
    header.writeUInt32LE(this.#truncated, 32);
    header.write(this.#key, keyAt, 'hex');
    this.#hash.update(header.subarray(0, checksumAt)).digest().copy(header, checksumAt);
    this.#file.overwriteStart(header);
    this.#file.finish();
  }

  abandon(): void {
    this.#file.abandon();
  }

  #append(bytes: Uint8Array): void {
    this.#hash.update(bytes);
    this.#file.write(bytes);
  }
}

/**
 * The tokens in a file, or what is wrong with it. Ids are kept in memory if they take at most `memoryBytes`; otherwise
 * each text is read from the file when it is needed, until the store is closed. Throws the file system's errors.
 */
export function openTokenFile(path: string, key: string, memoryBytes: number): OpenedTokens {
  const handle = openSync(path, 'r');
  let keep = false;
  try {
    const found = readTokens(new TokenFile(handle, path), key, memoryBytes);
    keep = 'store' in found && found.fromFile;
    return found;
  } finally {
    if (!keep) closeSync(handle);
  }
}

/** Sizes are checked before anything is allocated or read. */
function readTokens(
  file: TokenFile,
  key: string,
  memoryBytes: number,
): { readonly store: TokenStore; readonly fromFile: boolean } | { readonly fault: string } {
  const { size } = file;
  if (size < headerBytes) return { fault: `it has ${size} bytes, less than a header` };
  const header = Buffer.alloc(headerBytes);
  file.read(header, 0);
  if (header.toString('latin1', 0, 8) !== magic) return { fault: 'it is not a token cache' };
  const { version, bytesPerId, texts, tokens, truncated } = parseHeader(header);
  if (version !== formatVersion) return { fault: `it has format version ${version}, expected ${formatVersion}` };
  if (header.toString('hex', keyAt, checksumAt) !== key)
    return { fault: 'it contains other texts or another tokenizer' };
  if (bytesPerId !== 2 && bytesPerId !== 4) return { fault: `it has ids of ${bytesPerId} bytes, expected 2 or 4` };
  const expected = headerBytes + bytesPerId * tokens + 8 * (texts + 1);
  if (size !== expected) return { fault: `it has ${size} bytes, expected ${expected}` };

  const hash = createHash('sha256');
  const fromFile = bytesPerId * tokens > memoryBytes;
  const source = fromFile
    ? idsInFile(file, bytesPerId, tokens, hash)
    : idsInMemory(readIds(file, bytesPerId, tokens, hash));
  const offsets = new Float64Array(texts + 1);
  file.readHashed(bytesOf(offsets), headerBytes + bytesPerId * tokens, hash);
  const checksum = hash.update(header.subarray(0, checksumAt)).digest();
  if (!checksum.equals(header.subarray(checksumAt))) return { fault: 'its checksum is wrong' };
  if (!ascends(offsets, tokens)) return { fault: 'the offsets of its texts are not in order' };
  return { store: new TokenStore(offsets, truncated, source), fromFile };
}

/** Numbers above 2^53 lose digits, and are larger than any file. */
function parseHeader(header: Buffer): {
  version: number;
  bytesPerId: number;
  texts: number;
  tokens: number;
  truncated: number;
} {
  return {
    version: header.readUInt32LE(8),
    bytesPerId: header.readUInt32LE(12),
    texts: Number(header.readBigUInt64LE(16)),
    tokens: Number(header.readBigUInt64LE(24)),
    truncated: header.readUInt32LE(32),
  };
}

function ascends(offsets: Float64Array, tokens: number): boolean {
  return (
    offsets[0] === 0 &&
    offsets.at(-1) === tokens &&
    offsets.every((offset, text) => Number.isInteger(offset) && offset >= (offsets[text - 1] ?? 0))
  );
}

function readIds(file: TokenFile, bytesPerId: 2 | 4, tokens: number, hash: Hash): TokenIds {
  const ids = newTokenIds(bytesPerId, tokens);
  file.readHashed(bytesOf(ids), headerBytes, hash);
  return ids;
}

function idsInFile(file: TokenFile, bytesPerId: 2 | 4, tokens: number, hash: Hash): IdSource {
  file.hash(headerBytes, headerBytes + bytesPerId * tokens, hash);
  return {
    read(start, end) {
      const ids = newTokenIds(bytesPerId, end - start);
      file.read(bytesOf(ids), headerBytes + bytesPerId * start);
      return ids;
    },
    close: () => file.close(),
  };
}

/** An open file, read at the requested position. */
class TokenFile {
  readonly size: number;
  readonly #handle: number;
  readonly #path: string;

  constructor(handle: number, path: string) {
    this.#handle = handle;
    this.#path = path;
    this.size = fstatSync(handle).size;
  }

  /** Fills `bytes`. Throws a `storage` LabError if the file ends earlier: it was complete when it was opened. */
  read(bytes: Uint8Array, position: number): void {
    for (let done = 0; done < bytes.length;) {
      const got = readSync(this.#handle, bytes, done, bytes.length - done, position + done);
      if (got === 0)
        throw new LabError(
          'storage',
          `The token cache ${this.#path} was shortened while it was in use.`,
          'Start the run again: LossLab then makes the tokens again.',
        );
      done += got;
    }
  }

  readHashed(bytes: Uint8Array, position: number, hash: Hash): void {
    for (let done = 0; done < bytes.length; done += pieceBytes) {
      const piece = bytes.subarray(done, done + pieceBytes);
      this.read(piece, position + done);
      hash.update(piece);
    }
  }

  hash(start: number, end: number, hash: Hash): void {
    const piece = new Uint8Array(Math.min(pieceBytes, end - start));
    for (let position = start; position < end; position += pieceBytes)
      this.readHashed(piece.subarray(0, end - position), position, hash);
  }

  close(): void {
    closeSync(this.#handle);
  }
}

function bytesOf(values: TokenIds | Float64Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
