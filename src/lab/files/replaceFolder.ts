import { readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { hasEnded } from './leftovers.ts';

/*
 * Systems replace files in one step, folders in two. If a process ends between the two steps, the old folder is
 * restored.
 */

/** Matches the name of a folder that was moved aside: process id, and original name. */
const setAside = /^\.replaced-(\d+)-(.+)$/;
/**
 * The two renames are a moment apart. A folder that was moved aside longer ago was left behind, even if its process
 * still runs.
 */
const leftMilliseconds = 60_000;
/** The folders that this process has moved aside now. */
const underWay = new Set<string>();

/** Replaces `folder` by `source`, on the same disk. If that fails, the old folder is put back. */
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
    // If this fails, too, `restoreReplaced` does it when the disk works again.
    if (hadOne) await rename(aside, folder).catch(() => undefined);
    throw error;
  }
  await rm(aside, { recursive: true, force: true }).catch(() => undefined);
}

/**
 * Puts back folders in `parent` that were moved aside and not replaced, because the process ended or the disk failed in
 * between. Throws the system's errors.
 */
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
