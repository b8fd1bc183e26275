import { readdirSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { isAlive } from '../base/processIdentity.ts';

/*
 * What processes leave that are ended while they write: nobody else takes it away. Names of what is being written hold
 * the number of the process that writes it, so that what a living one writes stays.
 */

/** Removes the temporary files of ended processes, as `AtomicFileWriter` names them, for the files of a folder that `isOurs` accepts. */
export function removeTemporaryFiles(folder: string, isOurs: (file: string) => boolean): void {
  removeLeftovers(folder, (name) => {
    const [, file, pid] = /^(.+)\.(\d+)-\d+\.tmp$/.exec(name) ?? [];
    return file !== undefined && isOurs(file) ? pid : undefined;
  });
}

/** Other machines may write to the same folder, and number their processes as this one does. */
const workPrefix = `.writing-${hostname()}-`;

/** What the names of this process's work folders begin with. */
export const ownWorkPrefix = `${workPrefix}${process.pid}-`;

/** Removes the work folders of ended processes from `folder`. */
export function removeWorkFolders(folder: string): void {
  removeLeftovers(folder, (name) =>
    name.startsWith(workPrefix) ? /^(\d+)-/.exec(name.slice(workPrefix.length))?.[1] : undefined,
  );
}

/** `writerOf` finds the number of a process in a name. What cannot be taken away stays: it is in nobody's way. */
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

/** Of a process whose number is all that a name says about it. */
export function hasEnded(pid: string): boolean {
  return !isAlive({ pid: Number(pid), startToken: '' });
}
