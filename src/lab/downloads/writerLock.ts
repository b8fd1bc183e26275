import { closeSync, openSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { LabError } from '../../shared/errors.ts';
import { currentProcess, isAlive, parseProcess, type ProcessIdentity } from '../store/processes.ts';

/**
 * Makes this process the one that writes `what`, until the function that it returns is called. Throws
 * a `storage` LabError while a living process is. One that was killed holds nothing up.
 */
export function takeWriterLock(lock: string, what: string): () => void {
  if (!create(lock)) {
    if (isAbandoned(lock)) clear(lock);
    if (!create(lock)) throw taken(what, ownerOf(lock));
  }
  ownLocks.add(lock);
  return () => {
    ownLocks.delete(lock);
    try {
      rmSync(lock, { force: true });
    } catch {
      // On a disk that fails the file stays. This process knows that the lock is free, others as soon as it has ended.
    }
  };
}

/** Those that this process holds: a file that a failing disk did not remove can name it, too. */
const ownLocks = new Set<string>();

/** Whether a living process holds it. */
export function isHeld(lock: string): boolean {
  const owner = ownerOf(lock);
  return owner !== null && isAlive(owner);
}

function create(lock: string): boolean {
  let handle: number;
  try {
    handle = openSync(lock, 'wx');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
  try {
    writeFileSync(handle, JSON.stringify(currentProcess()));
    closeSync(handle);
    return true;
  } catch (error) {
    // Without a name in it, it would hold everybody up for a while.
    rmSync(lock, { force: true });
    throw error;
  }
}

/** Null where it is being taken, or given back, at this moment. */
function ownerOf(lock: string): ProcessIdentity | null {
  try {
    return parseProcess(readFileSync(lock, 'utf8'));
  } catch {
    return null;
  }
}

function isAbandoned(lock: string): boolean {
  const owner = ownerOf(lock);
  if (owner?.pid === process.pid && !ownLocks.has(lock)) return true;
  return owner ? !isAlive(owner) : isOld(lock);
}

/** Two may find the same abandoned lock. It is moved away and looked at again: what the other has made meanwhile goes back. */
function clear(lock: string): void {
  const aside = `${lock}.${process.pid}`;
  try {
    renameSync(lock, aside);
    if (isAbandoned(aside)) rmSync(aside);
    else renameSync(aside, lock);
  } catch (error) {
    // The other was faster.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

/** A process can be killed between making a lock and writing its name into it. */
function isOld(lock: string): boolean {
  const made = statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? -Infinity;
  return Date.now() - made > 10_000;
}

function taken(what: string, owner: ProcessIdentity | null): LabError {
  const who = owner === null || owner.pid === process.pid ? 'already' : `by another program (process ${owner.pid})`;
  return new LabError('storage', `${what} is being downloaded ${who}.`, 'Wait until that has ended, or stop it.');
}
