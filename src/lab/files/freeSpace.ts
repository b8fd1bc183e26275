import { statfsSync } from 'node:fs';
import { LabError } from '../../shared/errors.ts';

/** Bytes that this user can still write to the disk of `folder`, which must exist. */
export function freeSpace(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

/** Throws a `storage` LabError unless `bytes` fit on the disk of `folder`; `purpose` is what they are for. */
export function requireFreeSpace(folder: string, bytes: number, purpose: string): void {
  const free = freeSpace(folder);
  if (free >= bytes) return;
  throw new LabError(
    'storage',
    `${purpose} needs ${megabytes(bytes)} in ${folder}, where ${megabytes(free)} are free.`,
    'Free some space, or choose a folder on another disk with --home or LOSSLAB_HOME.',
  );
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1e6).toLocaleString('en')} MB`;
}
