import { readdirSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { isAlive } from '../base/processIdentity.ts';

/*
 * Removes temporary files of processes that ended while they wrote. The names of temporary files contain the id of the
 * process, so that those of running processes are kept.
 */

/**
 * Removes the temporary files of ended processes (named by `AtomicFileWriter`), for the files of a folder that `isOurs`
 * accepts.
 */
export function removeTemporaryFiles(folder: string, isOurs: (file: string) => boolean): void {
  removeLeftovers(folder, (name) => {
    const [, file, pid] = /^(.+)\.(\d+)-\d+\.tmp$/.exec(name) ?? [];
    return file !== undefined && isOurs(file) ? pid : undefined;
  });
}

/** Other machines may write to the same folder, and their process ids can be the same. */
const workPrefix = `.writing-${hostname()}-`;

/** Prefix of the names of this process's work folders. */
export const ownWorkPrefix = `${workPrefix}${process.pid}-`;

/** Removes the work folders of ended processes from `folder`. */
export function removeWorkFolders(folder: string): void {
  removeLeftovers(folder, (name) =>
    name.startsWith(workPrefix) ? /^(\d+)-/.exec(name.slice(workPrefix.length))?.[1] : undefined,
  );
}

/** `writerOf` extracts the process id from a name. What cannot be removed stays, and does no harm. */
function removeLeftovers(folder: string, writerOf: (name: string) => string | undefined): void {
  try {
    for (const name of readdirSync(folder)) {
      const pid = writerOf(name);
      if (pid !== undefined && hasEnded(pid)) rmSync(join(folder, name), { recursive: true, force: true });
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
  }
}

/** Whether a process has ended, if only its id is known. */
export function hasEnded(pid: string): boolean {
  return !isAlive({ pid: Number(pid), startToken: '' });
}
