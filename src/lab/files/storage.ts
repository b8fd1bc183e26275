import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { LabError } from '../../shared/errors.ts';
import { requireFreeSpace } from './freeSpace.ts';
import { ownWorkPrefix, removeWorkFolders } from './leftovers.ts';

/** Bytes that stay free on the disk beyond the expected need. */
const reserve = 32 * 1024 * 1024;

/**
 * Creates `folder`, and in it a new work folder, if `bytes` more fit on the disk.
 *
 * @returns the path of the work folder, whose name begins with a dot
 * @throws LabError if the folder is read-only or the disk too full
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

/** The meaning of error codes of the system and of SQLite, and what users can do. */
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
  EEXIST: ['a file of that name already exists', 'Move it away, or choose another folder'],
  ENOENT: ['a folder of the path does not exist and cannot be created', 'Choose another folder'],
};

/** Explains an error of the file system while writing to `path`; returns other errors unchanged. */
export function asStorageError(error: unknown, path: string): unknown {
  return inWords(error, (reason) => `Cannot write to ${path}: ${reason}.`, '; existing data is unchanged.');
}

/** The same while reading `path`. A missing file is not a disk error, so it is returned unchanged. */
export function asReadingError(error: unknown, path: string): unknown {
  return isMissing(error)
    ? error
    : inWords(error, (reason) => `Cannot read ${path}: ${reason}.`, '; nothing was changed.');
}

/** The same for file errors that were not explained where they occurred, such as in LossLab's own files. */
export function asFileError(error: unknown): unknown {
  const { syscall, path } = Object(error) as { syscall?: string; path?: string };
  return syscall === undefined || isMissing(error)
    ? error
    : inWords(
        error,
        (reason) => `${path ?? 'A file'} cannot be used (${syscall}): ${reason}.`,
        '; all data stored so far is kept.',
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

/** Removes a work folder. If the disk fails, it stays: no program reads it, and it does not affect the result. */
export async function removeWorkFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true }).catch(() => undefined);
}
