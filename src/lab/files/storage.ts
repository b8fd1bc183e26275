import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { LabError } from '../../shared/errors.ts';
import { requireFreeSpace } from './freeSpace.ts';
import { ownWorkPrefix, removeWorkFolders } from './leftovers.ts';

/** Left free on the disk beyond what is expected to be needed. Bytes. */
const reserve = 32 * 1024 * 1024;

/**
 * Makes `folder`, and in it a fresh folder for work in progress, where `bytes` more can be written.
 *
 * @returns the path of the fresh folder, whose name begins with a dot
 * @throws LabError where the folder is read-only or the disk too full
 */
export async function makeWorkFolder(folder: string, bytes: number): Promise<string> {
  let workFolder: string | undefined;
  try {
    await mkdir(folder, { recursive: true });
    removeWorkFolders(folder);
    workFolder = await mkdtemp(join(folder, ownWorkPrefix));
    requireFreeSpace(folder, bytes + reserve, 'Work in progress');
    return workFolder;
  } catch (error) {
    if (workFolder) await removeWorkFolder(workFolder);
    throw asStorageError(error, folder);
  }
}

const [full, forbidden, faulty] = [
  'Free some space, or choose another folder',
  'Change its permissions, or choose another folder',
  'Check the disk, or choose a folder on another one',
];

/** What the codes of the system and of SQLite mean to people, and what these can do. */
const reasons: Readonly<Record<string, readonly [reason: string, advice: string]>> = {
  ENOSPC: ['the disk is full', full],
  EDQUOT: ['the disk quota is used up', full],
  SQLITE_FULL: ['the disk is full', full],
  EACCES: ['no permission', forbidden],
  EPERM: ['no permission', forbidden],
  SQLITE_CANTOPEN: ['no permission', forbidden],
  EROFS: ['it is read-only', forbidden],
  SQLITE_READONLY: ['it is read-only', forbidden],
  EIO: ['the disk reports an error', faulty],
  SQLITE_IOERR_WRITE: ['the disk reports an error', faulty],
  ENOTDIR: ['a part of the path is a file, not a folder', 'Choose another folder'],
  EEXIST: ['a file of that name is in the way', 'Move it away, or choose another folder'],
  ENOENT: ['a folder of the path does not exist and cannot be made', 'Choose another folder'],
};

/** An error of the file system met while writing to `path`, put in words; any other error as it is. */
export function asStorageError(error: unknown, path: string): unknown {
  return inWords(error, (reason) => `Cannot write to ${path}: ${reason}.`, '; what was there before is unchanged.');
}

/** The same for what was met while reading `path`. That it is not there is no fault of the disk, and stays as it is. */
export function asReadingError(error: unknown, path: string): unknown {
  return isMissing(error)
    ? error
    : inWords(error, (reason) => `Cannot read ${path}: ${reason}.`, '; nothing was changed.');
}

/** The same for what nobody has put in words where it was met: files that are always there, as those that LossLab has made itself. */
export function asFileError(error: unknown): unknown {
  const { syscall, path } = Object(error) as { syscall?: string; path?: string };
  return syscall === undefined || isMissing(error)
    ? error
    : inWords(
        error,
        (reason) => `${path ?? 'A file'} cannot be used (${syscall}): ${reason}.`,
        '; nothing stored so far is lost.',
      );
}

function isMissing(error: unknown): boolean {
  return codeOf(error) === 'ENOENT';
}

function codeOf(error: unknown): string {
  return String((error as { code?: unknown } | null)?.code);
}

function inWords(error: unknown, message: (reason: string) => string, reassurance: string): unknown {
  const known = error instanceof LabError ? undefined : reasons[codeOf(error)];
  return known === undefined
    ? error
    : new LabError('storage', message(known[0]), known[1] + reassurance, { cause: error });
}

/** Removes a folder of work in progress. One that the disk does not let go stays: nobody reads it, and what the work came to is not changed by it. */
export async function removeWorkFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true }).catch(() => undefined);
}
