/**
 * Keeps the tokens of a corpus on disk, so that the next run on the same texts need not make them
 * again. A file is used only if it is whole and was made from the same texts, tokenizer and maximum
 * length; anything else is said, and the texts are tokenised again.
 *
 * File, little-endian like every system that LossLab runs on:
 *
 *     0  magic 'LLTOKENS'            24  number of tokens, u32
 *     8  format version, u32         28  truncated texts, u32
 *     12 bytes per id, u32           32  key, sha256
 *     16 number of texts, u32        64  sha256 of everything else in the file
 *     20 0                           96  offsets, u32 each; ids
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeAtomically } from '../atomicFile.ts';
import type { Tokenizer } from './tokenizer.ts';
import { tokenizeCorpus, TokenStore, type TokenIds, type TokenizingProgress } from './tokenStore.ts';

const magic = 'LLTOKENS';
const formatVersion = 1;
const headerBytes = 96;
const keyAt = 32;
const checksumAt = 64;

export interface CachedTokens {
  readonly store: TokenStore;
  readonly fromCache: boolean;
  /** For people: why a cache file was ignored, or why none could be written. */
  readonly notes: readonly string[];
}

export type LoadedTokens = { readonly store: TokenStore } | { readonly ignored: string } | { readonly absent: true };

/**
 * The tokens of `texts`: from `folder` where it has them, else made and stored there. A folder that
 * cannot be read or written costs time, not the run: `notes` says so.
 */
export function cachedTokenizeCorpus(
  texts: readonly string[],
  tokenizer: Tokenizer,
  maxLength: number,
  folder: string,
  onProgress?: TokenizingProgress,
): CachedTokens {
  const key = tokenCacheKey(texts, tokenizer, maxLength);
  const loaded = loadTokens(folder, key);
  if ('store' in loaded) return { store: loaded.store, fromCache: true, notes: [] };
  const notes = 'ignored' in loaded ? [`${loaded.ignored} The texts were tokenised again.`] : [];
  const store = tokenizeCorpus(texts, tokenizer, maxLength, onProgress);
  try {
    saveTokens(folder, key, store);
  } catch (error) {
    notes.push(`The token cache could not be written: ${(error as Error).message}.`);
  }
  return { store, fromCache: false, notes };
}

/** sha256 (hexadecimal) of all that the tokens depend on. */
export function tokenCacheKey(texts: readonly string[], tokenizer: Tokenizer, maxLength: number): string {
  const hash = createHash('sha256').update(`${tokenizer.hash} ${maxLength} ${texts.length}\n`);
  // The length goes first, so that no two lists of texts hash alike by running together.
  for (const text of texts) hash.update(`${text.length} ${text}`);
  return hash.digest('hex');
}

/** The stored tokens of a key, or why what is there cannot be used. */
export function loadTokens(folder: string, key: string): LoadedTokens {
  const path = cachePath(folder, key);
  let file: Uint8Array;
  try {
    file = readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { absent: true };
    return { ignored: `The token cache ${path} cannot be read: ${(error as Error).message}.` };
  }
  // A copy starts at the beginning of its memory: typed arrays need their elements aligned.
  const bytes = Buffer.from(new Uint8Array(file).buffer);
  const fault = findFault(bytes, key);
  return fault ? { ignored: `The token cache ${path} was ignored: ${fault}.` } : { store: decode(bytes) };
}

/** Writes the tokens of a key: whole, or not at all. Throws what the file system throws. */
export function saveTokens(folder: string, key: string, store: TokenStore): void {
  mkdirSync(folder, { recursive: true });
  writeAtomically(cachePath(folder, key), encode(store, key));
}

function cachePath(folder: string, key: string): string {
  return join(folder, `${key.slice(0, 32)}.tokens`);
}

/** The parts of a file, in order. */
function encode({ table: { ids, offsets, truncated } }: TokenStore, key: string): Uint8Array[] {
  const header = Buffer.alloc(headerBytes);
  header.write(magic, 'latin1');
  const numbers = [formatVersion, ids.BYTES_PER_ELEMENT, offsets.length - 1, 0, ids.length, truncated];
  numbers.forEach((value, i) => header.writeUInt32LE(value, 8 + 4 * i));
  header.write(key, keyAt, 'hex');
  const body = [bytesOf(offsets), bytesOf(ids)];
  checksum(header, body).copy(header, checksumAt);
  return [header, ...body];
}

/** What is wrong with a file, or nothing. Sizes are checked before anything is read by them. */
function findFault(bytes: Buffer, key: string): string | undefined {
  if (bytes.length < headerBytes) return `it has ${bytes.length} bytes, less than a header`;
  if (bytes.toString('latin1', 0, 8) !== magic) return 'it is not a token cache';
  const { version, bytesPerId, texts, tokens } = readHeader(bytes);
  if (version !== formatVersion) return `it has format version ${version}, expected ${formatVersion}`;
  if (bytes.toString('hex', keyAt, checksumAt) !== key) return 'it holds other texts or another tokenizer';
  const expected = headerBytes + 4 * (texts + 1) + bytesPerId * tokens;
  if (bytes.length !== expected) return `it has ${bytes.length} bytes, expected ${expected}`;
  if (!checksum(bytes, [bytes.subarray(headerBytes)]).equals(bytes.subarray(checksumAt, headerBytes))) return 'its checksum is wrong';
  return undefined;
}

/** Only for bytes without a fault. */
function decode(bytes: Buffer<ArrayBuffer>): TokenStore {
  const { bytesPerId, texts, tokens, truncated } = readHeader(bytes);
  const offsets = new Uint32Array(bytes.buffer, headerBytes, texts + 1);
  const idsAt = headerBytes + offsets.byteLength;
  const ids = bytesPerId === 2 ? new Uint16Array(bytes.buffer, idsAt, tokens) : new Uint32Array(bytes.buffer, idsAt, tokens);
  return new TokenStore({ ids, offsets, truncated });
}

function readHeader(bytes: Buffer): {
  version: number;
  bytesPerId: number;
  texts: number;
  tokens: number;
  truncated: number;
} {
  return {
    version: bytes.readUInt32LE(8),
    bytesPerId: bytes.readUInt32LE(12),
    texts: bytes.readUInt32LE(16),
    tokens: bytes.readUInt32LE(24),
    truncated: bytes.readUInt32LE(28),
  };
}

/** sha256 of a header up to its checksum, and of what follows the header. */
function checksum(header: Buffer, body: readonly Uint8Array[]): Buffer {
  const hash = createHash('sha256').update(header.subarray(0, checksumAt));
  for (const part of body) hash.update(part);
  return hash.digest();
}

function bytesOf(values: TokenIds): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
