import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';

/** A checksum that a file must have. */
export interface Checksum {
  /** Its usual name: SHA-256, MD5. */
  readonly name: string;
  /** In lower-case hexadecimal. */
  readonly expected: string;
  /** Starts the computation. */
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

/** Git's name of a file's content: SHA-1 of "blob", its size and a NUL, then the bytes. */
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

/**
 * The first of `checksums` that does not match, with the value found; null if all match. Reads the file once, and only
 * if there are checksums.
 */
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
