import { closeSync, openSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { currentProcess, isAlive, parseProcess, type ProcessIdentity } from '../base/processIdentity.ts';

/**
 * Takes the lock file `lock` for this process and returns a function that releases it; null while a running process has
 * it. The lock of an ended process is taken over. Throws the system's errors.
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
      // If the disk fails, the file stays. This process knows that the lock is free; others see it when this process
      // has ended.
    }
  };
}

/** The locks that this process has. A file that a failing disk did not remove can name this process, too. */
const ownLocks = new Set<string>();

/** Whether a running process has the lock. */
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
    // Without the name of its process, the file would block all processes for a while.
    rmSync(lock, { force: true });
    throw error;
  }
}

/** The process that has the lock; null while it is being taken or released. */
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

/**
 * Two processes can find the same abandoned lock. So it is moved aside and checked again: a new lock of the other
 * process is put back.
 */
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

/** A process can be killed after it has created a lock and before it has written its name. */
function isOld(lock: string): boolean {
  const made = statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? -Infinity;
  return Date.now() - made > 10_000;
}
