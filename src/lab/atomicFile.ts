import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Writes a file so that it is either the old one or the new one, whatever happens in between: a
 * temporary file in the same folder, made durable, then renamed. Throws the system's error; the
 * temporary file does not stay.
 */
export function writeAtomically(file: string, parts: Iterable<Uint8Array | string>): void {
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    const handle = openSync(temporary, 'w');
    try {
      for (const part of parts) writeWhole(handle, typeof part === 'string' ? Buffer.from(part) : part);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  syncFolder(dirname(file));
}

function writeWhole(handle: number, bytes: Uint8Array): void {
  // One system call writes at most about 2 GB, and may write less than asked.
  for (let done = 0; done < bytes.length; ) done += writeSync(handle, bytes, done, Math.min(bytes.length - done, 2 ** 30));
}

/** A rename is durable once its folder is; Windows can neither open nor flush a folder. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
