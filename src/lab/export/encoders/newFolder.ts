import { existsSync, mkdirSync, readdirSync, renameSync, rmdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { LabError } from '../../../shared/errors.ts';
import { syncFolder } from '../../files/atomicFile.ts';
import { asStorageError, makeWorkFolder, removeWorkFolder } from '../../files/storage.ts';

/**
 * Makes a folder completely or not at all: `write` fills a temporary folder, which is then renamed. Throws a `usage`
 * LabError if the folder exists and is not empty, a `storage` LabError if it cannot be written or `bytes` do not fit on
 * the disk, and what `write` throws.
 */
export async function writeNewFolder(
  folder: string,
  bytes: number,
  write: (written: string) => void | Promise<void>,
): Promise<void> {
  requireEmpty(folder);
  const parent = dirname(folder);
  const work = await makeWorkFolder(parent, bytes);
  try {
    // Only its owner can read the work folder itself.
    const written = join(work, 'new');
    mkdirSync(written);
    await write(written);
    if (existsSync(folder)) rmdirSync(folder);
    renameSync(written, folder);
    syncFolder(parent);
  } catch (error) {
    throw asStorageError(error, folder);
  } finally {
    await removeWorkFolder(work);
  }
}

/** An export replaces nothing. Throws if the folder is not empty. */
export function requireEmpty(folder: string): void {
  let found: string[];
  try {
    found = readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw asStorageError(error, folder);
  }
  if (found.length === 0) return;
  throw new LabError(
    'usage',
    `${folder} already exists and contains ${found.length === 1 ? found[0] : `${found.length} files`}.`,
    'Choose another folder, or move or delete this one; an export replaces nothing.',
  );
}
