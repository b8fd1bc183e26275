import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';

/** What a file must add up to. */
export interface Checksum {
  /** As people know it: SHA-256, MD5. */
  readonly name: string;
  /** In lower-case hexadecimal. */
  readonly expected: string;
  /** Begins to add up. */
  create(): Summation;
}

export interface Summation {
  update(bytes: Uint8Array): unknown;
  /** In lower-case hexadecimal. */
  digest(): string;
}

export function sha256(expected: string): Checksum {
  return { name: 'SHA-256', expected: expected.toLowerCase(), create: () => hexadecimal(createHash('sha256')) };
}

export function md5(expected: string): Checksum {
  return { name: 'MD5', expected: expected.toLowerCase(), create: () => hexadecimal(createHash('md5')) };
}

/** As Git names a file's content: SHA-1 of "blob", its size and a NUL, then the bytes. */
export function gitBlob(expected: string, size: number): Checksum {
  return {
    name: 'Git hash',
    expected: expected.toLowerCase(),
    create: () => hexadecimal(createHash('sha1').update(`blob ${size}\0`)),
  };
}

function hexadecimal(hash: Hash): Summation {
  return { update: (bytes) => hash.update(bytes), digest: () => hash.digest('hex') };
}

/** The first of `checksums` that a file does not have, with what was found instead; null where it has all. Reads the file once, where there are any. */
export async function findWrong(
  file: string,
  checksums: readonly Checksum[],
  signal?: AbortSignal,
): Promise<{ readonly name: string; readonly expected: string; readonly found: string } | null> {
  if (checksums.length === 0) return null;
  const sums = checksums.map((checksum) => ({
    name: checksum.name,
    expected: checksum.expected,
    sum: checksum.create(),
  }));
  for await (const chunk of createReadStream(file, { highWaterMark: 2 ** 20, signal }) as AsyncIterable<Buffer>) {
    for (const { sum } of sums) sum.update(chunk);
  }
  const found = sums.map(({ name, expected, sum }) => ({ name, expected, found: sum.digest() }));
  return found.find((one) => one.expected !== one.found) ?? null;
}
