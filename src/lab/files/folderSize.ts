import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { asReadingError } from './storage.ts';

/** Bytes of all files of a folder and those below it; 0 where there is no such folder. Links are not followed. Throws a `storage` LabError where it cannot be looked at. */
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

/** What another program deletes meanwhile takes no space. */
function ignoreMissing<T>(path: string, instead: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (error.code === 'ENOENT') return instead;
    throw asReadingError(error, path);
  };
}
