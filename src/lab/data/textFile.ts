import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';

const pieceSize = 1024 * 1024;

/** Writes UTF-8 text piece by piece, hashing as it goes; `finish` makes it durable. */
export class TextFileWriter {
  readonly #handle: FileHandle;
  readonly #hash = createHash('sha256');
  #pending: string[] = [];
  #pendingLength = 0;
  #size = 0;

  private constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  /** @param path of a file that does not exist yet */
  static async create(path: string): Promise<TextFileWriter> {
    return new TextFileWriter(await open(path, 'wx'));
  }

  async write(text: string): Promise<void> {
    this.#pending.push(text);
    this.#pendingLength += text.length;
    if (this.#pendingLength >= pieceSize) await this.#flush();
  }

  /** Makes the file durable and closes it; its size in bytes and its hash. */
  async finish(): Promise<{ size: number; sha256: string }> {
    await this.#flush();
    await this.#handle.sync();
    await this.#handle.close();
    return { size: this.#size, sha256: this.#hash.digest('hex') };
  }

  /** Closes the file as it is; does nothing if it is closed already. */
  async close(): Promise<void> {
    await this.#handle.close();
  }

  async #flush(): Promise<void> {
    const bytes = Buffer.from(this.#pending.join(''), 'utf8');
    this.#pending = [];
    this.#pendingLength = 0;
    this.#hash.update(bytes);
    await this.#handle.writeFile(bytes);
    this.#size += bytes.length;
  }
}
