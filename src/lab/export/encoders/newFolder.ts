import { existsSync, mkdirSync, readdirSync, renameSync, rmdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { LabError } from '../../../shared/errors.ts';
import { syncFolder } from '../../files/atomicFile.ts';
import { asStorageError, makeWorkFolder, removeWorkFolder } from '../../files/storage.ts';

/**
 * Makes a folder that is whole or not there: `write` fills one beside its place, which is then renamed.
 * Throws a `usage` LabError where the folder is there already and holds something, a `storage` LabError
 * where it cannot be written or `bytes` more do not fit, and what `write` throws.
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
    // The work folder itself is readable by its owner only.
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

/** An export replaces nothing. Throws where the folder holds something. */
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
    `${folder} is there already and holds ${found.length === 1 ? found[0] : `${found.length} files`}.`,
    'Move it away or delete it, or name another folder; an export replaces nothing.',
  );
}
