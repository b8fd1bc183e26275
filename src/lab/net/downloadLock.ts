import { LabError } from '../../shared/errors.ts';
import { tryWriterLock, writerOf } from '../files/writerLock.ts';

/**
 * Reserves the download of `what` for this process until the returned function is called. Throws a `storage` LabError
 * if another download of it is running.
 */
export function takeDownloadLock(lock: string, what: string): () => void {
  const unlock = tryWriterLock(lock);
  if (unlock !== null) return unlock;
  const writer = writerOf(lock);
  const who = writer === null || writer.pid === process.pid ? 'already' : `by another program (process ${writer.pid})`;
  throw new LabError(
    'storage',
    `${what} is being downloaded ${who}.`,
    'Wait until that download has ended, or stop it.',
  );
}
