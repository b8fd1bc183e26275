import { LabError } from '../../shared/errors.ts';
import { tryWriterLock, writerOf } from '../files/writerLock.ts';

/** Makes this process the one that downloads `what`, until the function that it returns is called. Throws a `storage` LabError while another download of it goes on. */
export function takeDownloadLock(lock: string, what: string): () => void {
  const unlock = tryWriterLock(lock);
  if (unlock !== null) return unlock;
  const writer = writerOf(lock);
  const who = writer === null || writer.pid === process.pid ? 'already' : `by another program (process ${writer.pid})`;
  throw new LabError('storage', `${what} is being downloaded ${who}.`, 'Wait until that has ended, or stop it.');
}
