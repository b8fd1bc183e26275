import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { LabError } from '../../shared/errors.ts';
import { requireFreeSpace } from '../freeSpace.ts';

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
    workFolder = await mkdtemp(join(folder, '.writing-'));
    requireFreeSpace(folder, bytes + reserve, 'Work in progress');
    return workFolder;
  } catch (error) {
    if (workFolder) await removeFolder(workFolder);
    throw asStorageError(error, folder);
  }
}

const reasons: Record<string, string> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  SQLITE_FULL: 'the disk is full',
  EACCES: 'no permission to write there',
  EPERM: 'no permission to write there',
  EROFS: 'it is read-only',
  SQLITE_READONLY: 'it is read-only',
  SQLITE_CANTOPEN: 'no permission to write there',
  ENOTDIR: 'a part of the path is a file, not a folder',
  EEXIST: 'a file of that name is in the way',
  ENOENT: 'a folder of the path does not exist and cannot be made',
  EIO: 'the disk reports an error',
  SQLITE_IOERR_WRITE: 'the disk reports an error',
};

/** An error of the file system met while writing to `path`, put in words; any other error as it is. */
export function asStorageError(error: unknown, path: string): unknown {
  if (error instanceof LabError) return error;
  const reason = reasons[String((error as { code?: unknown } | null)?.code)];
  if (reason === undefined) return error;
  const fix = 'Free some space or choose another folder; what was there before is unchanged.';
  return new LabError('storage', `Cannot write to ${path}: ${reason}.`, fix, { cause: error });
}

export function removeFolder(folder: string): Promise<void> {
  return rm(folder, { recursive: true, force: true });
}
