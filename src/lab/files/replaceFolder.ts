import { readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { hasEnded } from './leftovers.ts';

/* Systems replace files in one step, folders in two: whatever comes between them, the old folder is found again. */

/** Process and name of what it has moved aside. */
const setAside = /^\.replaced-(\d+)-(.+)$/;
/** From one renaming to the next it takes a moment: what has been aside for longer has been left, even by another process that lives. */
const leftMilliseconds = 60_000;
/** What this process has aside at the moment. */
const underWay = new Set<string>();

/** Puts `source`, on the same disk, where `folder` is. What was there goes back where that fails. */
export async function replaceFolder(folder: string, source: string): Promise<void> {
  const aside = join(dirname(folder), `.replaced-${process.pid}-${basename(folder)}`);
  underWay.add(aside);
  try {
    await replaceBy(folder, source, aside);
  } finally {
    underWay.delete(aside);
  }
}

async function replaceBy(folder: string, source: string, aside: string): Promise<void> {
  const hadOne = await rename(folder, aside).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false;
      throw error;
    },
  );
  try {
    await rename(source, folder);
  } catch (error) {
    // Where not even that can be done, `restoreReplaced` does it when the disk is well again.
    if (hadOne) await rename(aside, folder).catch(() => undefined);
    throw error;
  }
  await rm(aside, { recursive: true, force: true }).catch(() => undefined);
}

/** Puts back what was moved aside in `parent` and never replaced, by a process that was ended or a disk that failed in between. Throws the system's errors. */
export function restoreReplaced(parent: string): void {
  for (const name of readdirSync(parent)) {
    const [, pid, replaced] = setAside.exec(name) ?? [];
    const aside = join(parent, name);
    if (replaced !== undefined && isLeft(aside, pid!)) restore(aside, join(parent, replaced));
  }
}

function isLeft(aside: string, pid: string): boolean {
  if (hasEnded(pid) || (Number(pid) === process.pid && !underWay.has(aside))) return true;
  const moved = statSync(aside, { throwIfNoEntry: false })?.ctimeMs;
  return moved !== undefined && Date.now() - moved > leftMilliseconds;
}

function restore(aside: string, folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })) rmSync(aside, { recursive: true, force: true });
  else renameSync(aside, folder);
}
