import { closeSync, openSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { currentProcess, isAlive, parseProcess, type ProcessIdentity } from '../base/processIdentity.ts';

/**
 * Makes this process the one that writes what the file `lock` stands for, until the function that it returns is
 * called; null while a living process is. One that was killed holds nothing up. Throws the system's errors.
 */
export function tryWriterLock(lock: string): (() => void) | null {
  if (!create(lock)) {
    if (isAbandoned(lock)) clear(lock);
    if (!create(lock)) return null;
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
  const owner = writerOf(lock);
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

/** Who holds it; null where it is being taken, or given back, at this moment. */
export function writerOf(lock: string): ProcessIdentity | null {
  try {
    return parseProcess(readFileSync(lock, 'utf8'));
  } catch {
    return null;
  }
}

function isAbandoned(lock: string): boolean {
  const owner = writerOf(lock);
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
