import { rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { syncFolder } from '../files/atomicFile.ts';
import { asStorageError, makeWorkFolder, removeWorkFolder } from '../files/storage.ts';

/** Deletes a dataset's folder: gone at once as a whole, whatever happens while its files are removed. */
export async function deleteDataset(folder: string): Promise<void> {
  const parent = dirname(folder);
  try {
    const aside = await makeWorkFolder(parent, 0);
    try {
      await rename(folder, join(aside, 'deleted'));
      syncFolder(parent);
    } finally {
      await removeWorkFolder(aside);
    }
  } catch (error) {
    throw asStorageError(error, folder);
  }
}
