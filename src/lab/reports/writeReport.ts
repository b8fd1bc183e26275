import { open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { asStorageError, syncFolder } from '../data/storage.ts';

/**
 * Writes a report so that its file is either the old one or the new one, never a part. Throws a
 * `storage` LabError where it cannot be written.
 */
export async function writeReport(file: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    const handle = await open(temporary, 'wx');
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
    await syncFolder(path.dirname(path.resolve(file)));
  } catch (error) {
    await rm(temporary, { force: true });
    throw asStorageError(error, file);
  }
}
