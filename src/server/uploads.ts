import fs from 'node:fs';
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { LabError } from '../shared/errors.ts';
import { freeSpace } from '../lab/files/freeSpace.ts';
import { diskFull, type Home } from '../lab/files/home.ts';
import { isAlive } from '../lab/base/processIdentity.ts';

/** Files that screens hand over, kept until the server closes. */
export interface Uploads {
  /** Resolves to the file's path. Throws a `storage` LabError where the disk has no room for it. */
  save(name: string, content: Readable, announcedBytes: number): Promise<string>;
  close(): void;
}

/** Never filled: the lab's own history has to be written all the same. */
const reservedBytes = 256 * 2 ** 20;

/** `room` tells how many bytes a file may have at this moment. */
export function openUploads(home: Home, room = (): number => freeSpace(home.cache) - reservedBytes): Uploads {
  const parent = path.join(home.cache, 'uploads');
  removeAbandoned(parent);
  // The name says whose it is: a process that is gone has left it behind.
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

/** The last part of a name, of letters, digits and what is harmless in every file system. */
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

/** The stream is left as it is where it turns out to be too long: it is a request that wants an answer. */
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
    `The file does not fit on the disk that holds ${folder}, which has to keep ${reservedBytes / 2 ** 20} MB free.`,
    'Free some space, or start "losslab serve" with --home on another disk.',
  );
}
