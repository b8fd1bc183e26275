import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { removeTemporaryFiles } from './leftovers.ts';

/** The default of open(2): readable for all, subject to the user's umask. */
const usualMode = 0o666;

/**
 * Writes a file so that it is always either the old one or the new one: writes a temporary file in the same folder,
 * flushes it, then renames it. Throws the system's error and removes the temporary file. `mode` sets its permissions
 * from the first byte on.
 */
export function writeAtomically(file: string, parts: Iterable<Uint8Array | string>, mode = usualMode): void {
  const writer = new AtomicFileWriter(file, mode);
  try {
    for (const piece of inPieces(parts)) writer.write(piece);
    writer.finish();
  } catch (error) {
    writer.abandon();
    throw error;
  }
}

/** Size of the texts that are written at once. */
const pieceLength = 2 ** 16;

/** Joins short texts, such as lines, into pieces large enough for a system call. */
function* inPieces(parts: Iterable<Uint8Array | string>): Generator<Uint8Array> {
  let text = '';
  for (const part of parts) {
    if (typeof part === 'string') text += part;
    if (text !== '' && (typeof part !== 'string' || text.length >= pieceLength)) {
      yield Buffer.from(text);
      text = '';
    }
    if (typeof part !== 'string') yield part;
  }
  if (text !== '') yield Buffer.from(text);
}

/**
 * Like `writeAtomically`, for data that comes in parts. The caller must call `finish` or `abandon`. Throws the system's
 * errors.
 */
export class AtomicFileWriter {
  readonly #file: string;
  readonly #temporary: string;
  readonly #handle: number;
  #open = true;
  static #opened = 0;

  constructor(file: string, mode = usualMode) {
    this.#file = file;
    removeTemporaryFiles(dirname(file), (other) => other === basename(file));
    // A unique name: the same process may write the same file twice at once.
    this.#temporary = `${file}.${process.pid}-${AtomicFileWriter.#opened++}.tmp`;
    this.#handle = openSync(this.#temporary, 'w', mode);
  }

  /** Appends bytes. */
  write(bytes: Uint8Array): void {
    // One system call writes at most about 2 GB, and may write less than asked.
    for (let done = 0; done < bytes.length;)
      done += writeSync(this.#handle, bytes, done, Math.min(bytes.length - done, 2 ** 30));
  }

  /** Overwrites the beginning, for a header that is known last. */
  overwriteStart(bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length;) done += writeSync(this.#handle, bytes, done, bytes.length - done, done);
  }

  /** When this returns, the file is complete and durable. */
  finish(): void {
    fsyncSync(this.#handle);
    this.#close();
    renameSync(this.#temporary, this.#file);
    syncFolder(dirname(this.#file));
  }

  /** Keeps the old file and removes the temporary one. Errors are ignored: the error that led here matters more. */
  abandon(): void {
    try {
      this.#close();
    } catch {
      // The handle is closed anyway.
    }
    try {
      rmSync(this.#temporary, { force: true });
    } catch {
      // It stays, under a name that nobody reads.
    }
  }

  #close(): void {
    if (!this.#open) return;
    this.#open = false;
    closeSync(this.#handle);
  }
}

/** A rename is durable when its folder is flushed. Windows cannot open or flush a folder. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
