import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { removeTemporaryFiles } from './leftovers.ts';

/** As open(2) has it: readable for all, as far as the user's own settings allow. */
const usualMode = 0o666;

/**
 * Writes a file so that it is either the old one or the new one, whatever happens in between: a
 * temporary file in the same folder, made durable, then renamed. Throws the system's error; the
 * temporary file does not stay. `mode` are its permissions from its first byte on.
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

/** Of texts that are written at once. */
const pieceLength = 2 ** 16;

/** Texts one after the other in pieces that are worth a system call: they may be single lines. */
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

/** As `writeAtomically`, for what comes bit by bit. Whoever makes one calls `finish`, or else `abandon`. Throws the system's errors. */
export class AtomicFileWriter {
  readonly #file: string;
  readonly #temporary: string;
  readonly #handle: number;
  #open = true;
  static #opened = 0;

  constructor(file: string, mode = usualMode) {
    this.#file = file;
    removeTemporaryFiles(dirname(file), (other) => other === basename(file));
    // A name of its own: the same process may write the same file twice at once.
    this.#temporary = `${file}.${process.pid}-${AtomicFileWriter.#opened++}.tmp`;
    this.#handle = openSync(this.#temporary, 'w', mode);
  }

  /** Appends. */
  write(bytes: Uint8Array): void {
    // One system call writes at most about 2 GB, and may write less than asked.
    for (let done = 0; done < bytes.length;)
      done += writeSync(this.#handle, bytes, done, Math.min(bytes.length - done, 2 ** 30));
  }

  /** Writes over the beginning of what was written, for a header that is known last. */
  overwriteStart(bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length;) done += writeSync(this.#handle, bytes, done, bytes.length - done, done);
  }

  /** The file is there, whole and durable, when this returns. */
  finish(): void {
    fsyncSync(this.#handle);
    this.#close();
    renameSync(this.#temporary, this.#file);
    syncFolder(dirname(this.#file));
  }

  /** Leaves the file as it was before, and nothing beside it, where the disk can still do that: why it comes to this is worth more than its own error. */
  abandon(): void {
    try {
      this.#close();
    } catch {
      // It is closed all the same.
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
