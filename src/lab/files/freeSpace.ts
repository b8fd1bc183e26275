import { statfsSync } from 'node:fs';
import { LabError } from '../../shared/errors.ts';
import { formatBytes } from '../../shared/format.ts';

/** Bytes that the user can still write to the disk of `folder`, which must exist. */
export function freeSpace(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

/** Throws a `storage` LabError unless `bytes` fit on the disk of `folder`; `purpose` names their use in the message. */
export function requireFreeSpace(folder: string, bytes: number, purpose: string): void {
  const free = freeSpace(folder);
  if (free >= bytes) return;
  throw new LabError(
    'storage',
    `${purpose} needs ${formatBytes(bytes)} in ${folder}; its disk has ${formatBytes(free)} free.`,
    'Free some space, or choose a folder on another disk with --home or LOSSLAB_HOME.',
  );
}
