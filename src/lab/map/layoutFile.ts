import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { writeAtomically } from '../files/atomicFile.ts';
import { asStorageError } from '../files/storage.ts';
import { bytesOf } from '../encoders/safetensors.ts';

/*
 * Positions of a map on disk: float32, x and y of every point, behind a checksum of four bytes. A file that is not whole
 * counts as not there, and is made again.
 */

function fileOf(folder: string, key: string): string {
  return join(folder, `${key.slice(0, 32)}.layout`);
}

/** [points, 2]; null where it is not there, or not whole. */
export function readLayout(folder: string, key: string, points: number): Float32Array | null {
  try {
    const bytes = readFileSync(fileOf(folder, key));
    const data = bytes.subarray(4);
    if (data.length !== 8 * points || bytes.readUInt32LE(0) !== crc32(data)) return null;
    return new Float32Array(Uint8Array.from(data).buffer);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw asStorageError(error, folder);
  }
}

/** Throws a `storage` LabError. */
export function writeLayout(folder: string, key: string, positions: Float32Array): void {
  const data = bytesOf(positions);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32LE(crc32(data));
  try {
    mkdirSync(folder, { recursive: true });
    writeAtomically(fileOf(folder, key), [checksum, data]);
  } catch (error) {
    throw asStorageError(error, folder);
  }
}
