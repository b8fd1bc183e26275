import fs from 'node:fs';
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { LabError } from '../shared/errors.ts';
import { freeSpace } from '../lab/files/freeSpace.ts';
import { diskFull, type Home } from '../lab/files/home.ts';
import { isAlive } from '../lab/base/processIdentity.ts';

/** Files that screens upload, kept until the server closes. */
export interface Uploads {
  /** Resolves to the file's path. Throws a `storage` LabError if the disk has no room for it. */
  save(name: string, content: Readable, announcedBytes: number): Promise<string>;
  close(): void;
}

/** Disk space that uploads never use: the lab still has to write its history. */
const reservedBytes = 256 * 2 ** 20;

/** `room` returns the maximum size of a file at this moment, in bytes. */
export function openUploads(home: Home, room = (): number => freeSpace(home.cache) - reservedBytes): Uploads {
  const parent = path.join(home.cache, 'uploads');
  removeAbandoned(parent);
  // The name identifies the process; the folders of dead processes are removed.
  const folder = path.join(parent, `${process.pid}-${randomBytes(4).toString('hex')}`);
  return {
    async save(name, content, announcedBytes) {
      const limit = room();
      if (announcedBytes > limit) throw tooLarge(home.folder);
      const own = path.join(folder, randomBytes(8).toString('hex'));
      fs.mkdirSync(own, { recursive: true });
      const file = path.join(own, safeFileName(name));
      try {
        await writeFile(file, atMost(limit, content, home.folder), { flag: 'wx', mode: 0o600 });
        return file;
      } catch (error) {
        fs.rmSync(own, { recursive: true, force: true });
        throw (error as NodeJS.ErrnoException).code === 'ENOSPC' ? diskFull(home.folder, error) : error;
      }
    },
    close: () => fs.rmSync(folder, { recursive: true, force: true }),
  };
}

function removeAbandoned(parent: string): void {
  if (!fs.existsSync(parent)) return;
  for (const name of fs.readdirSync(parent)) {
    const pid = Number.parseInt(name, 10);
    if (!isAlive({ pid, startToken: '' })) fs.rmSync(path.join(parent, name), { recursive: true, force: true });
  }
}

/** The last part of a name, with only letters, digits and characters that are safe in every file system. */
export function safeFileName(name: string): string {
  const last = name.split(/[\\/]/).at(-1)!;
  const plain = last
    .normalize('NFC')
    .replaceAll(/[^\p{L}\p{N}._ -]/gu, '_')
    .replace(/^[. ]+/, '')
    .slice(-100)
    .replace(/[. ]+$/, '');
  const reservedOnWindows = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(plain);
  return plain === '' ? 'file' : reservedOnWindows ? `_${plain}` : plain;
}

/** If the stream is too long, it is not destroyed: it is a request that still gets an answer. */
async function* atMost(bytes: number, content: Readable, folder: string): AsyncGenerator<Buffer> {
  let seen = 0;
  for await (const chunk of content.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    seen += chunk.length;
    if (seen > bytes) throw tooLarge(folder);
    yield chunk;
  }
}

function tooLarge(folder: string): LabError {
  return new LabError(
    'storage',
    `The file does not fit on the disk of ${folder}, on which ${reservedBytes / 2 ** 20} MB must stay free.`,
    'Free some space, or start "losslab serve" with --home on another disk.',
  );
}
