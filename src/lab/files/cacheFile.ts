import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { writeAtomically } from './atomicFile.ts';
import { asStorageError } from './storage.ts';

/**
 * Writes a cache file atomically and creates its folder. Throws a `storage` LabError that names the file if it cannot
 * be written.
 */
export function writeCacheFile(file: string, parts: Iterable<Uint8Array | string>): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeAtomically(file, parts);
  } catch (error) {
    throw asStorageError(error, file);
  }
}
