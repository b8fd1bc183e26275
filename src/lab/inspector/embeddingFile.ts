import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { writeAtomically } from '../files/atomicFile.ts';
import { asStorageError } from '../files/storage.ts';
import { bytesOf } from '../encoders/safetensors.ts';
import { removeTemporaryFiles } from '../files/leftovers.ts';

/*
 * Embeddings of many texts on disk: a header of 256 bytes (JSON, filled up with spaces), then rows of
 * float32. A file is used only if it is whole; anything else counts as not there, and is made again.
 */

/** What embeddings were made of (a hash of encoder and texts), and their shape. */
export interface EmbeddingsDescription {
  readonly key: string;
  readonly rows: number;
  readonly dimension: number;
}

const format = 1;
const headerBytes = 256;
const extension = '.embeddings';

function fileOf(folder: string, key: string): string {
  return join(folder, `${key.slice(0, 32)}${extension}`);
}

/** [rows, dimension]; null where they are not there, or not whole. Counts as a use. */
export function readEmbeddings(folder: string, wanted: EmbeddingsDescription): Float32Array | null {
  const file = fileOf(folder, wanted.key);
  try {
    const bytes = readFileSync(file);
    if (bytes.length !== headerBytes + 4 * wanted.rows * wanted.dimension) return null;
    const data = bytes.subarray(headerBytes);
    if (bytes.toString('latin1', 0, headerBytes) !== headerOf(wanted, crc32(data))) return null;
    const now = new Date();
    utimesSync(file, now, now);
    return new Float32Array(bytes.buffer, bytes.byteOffset + headerBytes, wanted.rows * wanted.dimension);
  } catch {
    return null; // Absent or unreadable: where they cannot be written again either, writing says so.
  }
}

/** Writes them, and deletes what has not been used for longest where the folder holds more than `limit` bytes. Throws a `storage` LabError. */
export function writeEmbeddings(
  folder: string,
  description: EmbeddingsDescription,
  embeddings: Float32Array,
  limit: number,
): void {
  const file = fileOf(folder, description.key);
  const data = bytesOf(embeddings);
  try {
    mkdirSync(folder, { recursive: true });
    removeTemporaryFiles(folder, (file) => file.endsWith(extension));
    writeAtomically(file, [headerOf(description, crc32(data)), data]);
    trim(folder, file, limit);
  } catch (error) {
    throw asStorageError(error, file);
  }
}

function headerOf({ key, rows, dimension }: EmbeddingsDescription, checksum: number): string {
  return JSON.stringify({ format, key, rows, dimension, crc32: checksum }).padEnd(headerBytes);
}

function trim(folder: string, newest: string, limit: number): void {
  const files = readdirSync(folder)
    .filter((name) => name.endsWith(extension))
    .map((name) => join(folder, name))
    .flatMap((file) => {
      const status = statSync(file, { throwIfNoEntry: false });
      return status ? [{ file, bytes: status.size, used: status.mtimeMs }] : [];
    })
    .sort((a, b) => a.used - b.used);
  let total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  for (const { file, bytes } of files) {
    if (total <= limit) return;
    if (file === newest) continue;
    rmSync(file, { force: true });
    total -= bytes;
  }
}
