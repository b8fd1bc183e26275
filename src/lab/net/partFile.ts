import { readFileSync, rmSync, statSync } from 'node:fs';
import { open, rename, truncate, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { syncFolder, writeAtomically } from '../files/atomicFile.ts';
import { takeDownloadLock } from './downloadLock.ts';

/** Which content it is that a part is a part of. */
export interface Content {
  /** Without its query. */
  readonly url: string;
  /** A strong entity tag: equal bytes, where equal (RFC 9110, 8.8.3). */
  readonly etag: string | null;
  readonly lastModified: string | null;
  /** Bytes of the whole; null where the server does not tell. */
  readonly size: number | null;
}

const contentShape = z.object({
  url: z.string(),
  etag: z.string().nullable(),
  lastModified: z.string().nullable(),
  size: z.int().min(0).nullable(),
});

/**
 * A file that is arriving: `<file>.part`, with `<file>.part.json` that tells what it is a part of, so
 * that any later process can go on with it. One process at a time writes it.
 */
export class PartFile {
  readonly path: string;
  readonly #file: string;
  readonly #description: string;
  readonly #unlock: () => void;
  #handle: FileHandle | null = null;
  #size = 0;
  #content: Content | null = null;

  /** The folder must exist. Throws a `storage` LabError while another process, or another download of this one, is writing it. */
  constructor(file: string, url: string, what: string) {
    this.path = `${file}.part`;
    this.#file = file;
    this.#description = `${this.path}.json`;
    this.#unlock = takeDownloadLock(`${this.path}.lock`, what);
    this.#content = this.#readContent(url);
    this.#size = this.#content ? (statSync(this.path, { throwIfNoEntry: false })?.size ?? 0) : 0;
  }

  /** Bytes that are there. */
  get size(): number {
    return this.#size;
  }

  /** What they are a part of; null where nothing has arrived. */
  get content(): Content | null {
    return this.#content;
  }

  /** Begins from nothing. */
  async begin(content: Content): Promise<void> {
    await this.#close();
    // In this order: a description never stands beside bytes of something else.
    this.discard();
    this.#handle = await open(this.path, 'w');
    writeAtomically(this.#description, [JSON.stringify(content)]);
    this.#content = content;
  }

  /** Goes on behind the first `size` bytes. */
  async goOn(size: number): Promise<void> {
    await this.#close();
    await truncate(this.path, size);
    this.#handle = await open(this.path, 'r+');
    this.#size = size;
  }

  async append(bytes: Uint8Array): Promise<void> {
    for (let done = 0; done < bytes.length;) {
      const { bytesWritten } = await this.#handle!.write(bytes, done, bytes.length - done, this.#size);
      done += bytesWritten;
      this.#size += bytesWritten;
    }
  }

  /** All bytes are on the disk when this resolves. */
  async flush(): Promise<void> {
    await this.#handle?.sync();
    await this.#close();
  }

  /** It is whole: from now on it bears its name. */
  async complete(): Promise<void> {
    await rename(this.path, this.#file);
    rmSync(this.#description, { force: true });
    syncFolder(dirname(this.#file));
  }

  /** Nothing of it stays. */
  discard(): void {
    rmSync(this.path, { force: true });
    rmSync(this.#description, { force: true });
    this.#content = null;
    this.#size = 0;
  }

  /** What has arrived stays. To be called whatever happens. */
  async release(): Promise<void> {
    try {
      await this.#close();
    } finally {
      this.#unlock();
    }
  }

  async #close(): Promise<void> {
    const handle = this.#handle;
    this.#handle = null;
    await handle?.close();
  }

  /** Null where it cannot be told what the bytes are a part of, or where they are a part of something else. */
  #readContent(url: string): Content | null {
    try {
      const content = contentShape.parse(JSON.parse(readFileSync(this.#description, 'utf8')));
      return content.url === url ? content : null;
    } catch {
      return null;
    }
  }
}
