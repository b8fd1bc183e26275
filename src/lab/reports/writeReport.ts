import { writeAtomically } from '../files/atomicFile.ts';
import { asStorageError } from '../files/storage.ts';

/**
 * Writes a report so that its file is either the old one or the new one, never a part. Throws a
 * `storage` LabError where it cannot be written.
 */
// eslint-disable-next-line @typescript-eslint/require-await -- callers await it: a failure is a rejection
export async function writeReport(file: string, content: string | Uint8Array): Promise<void> {
  try {
    writeAtomically(file, [content]);
  } catch (error) {
    throw asStorageError(error, file);
  }
}
