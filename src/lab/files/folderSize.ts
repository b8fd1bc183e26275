import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { asReadingError } from './storage.ts';

/**
 * Bytes of all files of a folder and its sub-folders; 0 if the folder does not exist. Links are not followed. Throws a
 * `storage` LabError if it cannot be read.
 */
export async function folderSize(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(ignoreMissing(folder, []));
  const sizes = await Promise.all(
    entries.map(async (entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return folderSize(path);
      return entry.isFile() ? stat(path).then(({ size }) => size, ignoreMissing(path, 0)) : 0;
    }),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Files that another program deletes meanwhile count as 0. */
function ignoreMissing<T>(path: string, instead: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (error.code === 'ENOENT') return instead;
    throw asReadingError(error, path);
  };
}
