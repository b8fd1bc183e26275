import { readFileSync, rmSync, statSync } from 'node:fs';
import { open, rename, truncate, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { syncFolder, writeAtomically } from '../files/atomicFile.ts';
import { takeDownloadLock } from './downloadLock.ts';

/** Identifies the content that a partial file belongs to. */
export interface Content {
  /** Without its query. */
  readonly url: string;
  /** A strong entity tag: equal tags mean equal bytes (RFC 9110, 8.8.3). */
  readonly etag: string | null;
  readonly lastModified: string | null;
  /** Bytes of the whole file; null if the server does not say. */
  readonly size: number | null;
}

const contentShape = z.object({
  url: z.string(),
  etag: z.string().nullable(),
  lastModified: z.string().nullable(),
  size: z.int().min(0).nullable(),
});

/**
 * A partial file `<file>.part`, with `<file>.part.json` that identifies its content, so that a later process can resume
 * it. Only one process at a time writes it.
 */
export class PartFile {
  readonly path: string;
  readonly #file: string;
  readonly #description: string;
  readonly #unlock: () => void;
  #handle: FileHandle | null = null;
  #size = 0;
  #content: Content | null = null;

  /**
   * The folder must exist. Throws a `storage` LabError while another process, or another download of this one, is
   * writing it.
   */
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

  /** The content that they belong to; null if nothing has arrived. */
  get content(): Content | null {
    return this.#content;
  }

  /** Starts from zero bytes. */
  async begin(content: Content): Promise<void> {
    await this.#close();
    // In this order, so that a description never belongs to bytes of other content.
    this.discard();
    this.#handle = await open(this.path, 'w');
    writeAtomically(this.#description, [JSON.stringify(content)]);
    this.#content = content;
  }

  /** Continues after the first `size` bytes. */
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

  /** The file is complete: it gets its final name. */
  async complete(): Promise<void> {
    await rename(this.path, this.#file);
    rmSync(this.#description, { force: true });
    syncFolder(dirname(this.#file));
  }

  /** Removes everything. */
  discard(): void {
    rmSync(this.path, { force: true });
    rmSync(this.#description, { force: true });
    this.#content = null;
    this.#size = 0;
  }

  /** Keeps the part that has arrived. Must always be called. */
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

  /** Null if it is unknown what content the bytes belong to, or if they belong to other content. */
  #readContent(url: string): Content | null {
    try {
      const content = contentShape.parse(JSON.parse(readFileSync(this.#description, 'utf8')));
      return content.url === url ? content : null;
    } catch {
      return null;
    }
  }
}
