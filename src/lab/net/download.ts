import { dirname } from 'node:path';
import { LabError } from '../../shared/errors.ts';
import { formatCount } from '../../shared/format.ts';
import { asStorageError } from '../files/storage.ts';
import { requireFreeSpace } from '../files/freeSpace.ts';
import { publicAddress } from './address.ts';
import { findWrong, type Checksum } from './checksum.ts';
import { PartFile } from './partFile.ts';
import { receive } from './receive.ts';
import type { Explain } from './refusal.ts';
import { patience as usualPatience, withRetries, type Patience } from './retry.ts';

export interface DownloadOptions {
  readonly url: URL;
  /**
   * The target; its folder must exist. During the download there are `<file>.part`, `.part.json` and `.part.lock`
   * instead.
   */
  readonly file: string;
  /** Name of the download; messages begin with it. */
  readonly what: string;
  /** Names are not case-sensitive. Authorisation is sent only to the origin of `url`. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** What is known about the file in advance. */
  readonly expected?: { readonly size?: number | undefined; readonly checksums?: readonly Checksum[] } | undefined;
  /** Checksums of the file according to the last answer, after all redirects. */
  readonly checksumsOf?: ((headers: Headers) => readonly Checksum[]) | undefined;
  readonly explain?: Explain | undefined;
  /** Aborting rejects with its reason; the part that has arrived is kept. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  readonly patience?: Patience | undefined;
}

export interface Progress {
  /** Bytes that have arrived. */
  readonly done: number;
  /** Null if the server does not say. */
  readonly total: number | null;
}

export interface Downloaded {
  readonly file: string;
  readonly size: number;
  /** Of the last answer. */
  readonly headers: Headers;
}

/**
 * Downloads one file. It gets its name only after it is complete and its checksums match. Until then the part stays,
 * and another call, also in a later process, resumes it. Interruptions, silence and busy servers are retried
 * (`Patience`). Throws a `download` or `storage` LabError whose message contains no header and no query.
 */
export async function download(options: DownloadOptions): Promise<Downloaded> {
  const { url, file, what, signal } = options;
  signal?.throwIfAborted();
  const part = inWords(() => new PartFile(file, publicAddress(url), what), file);
  try {
    const headers = await withRetries(attempts(part, options), what, {
      patience: options.patience ?? usualPatience,
      signal,
    });
    await part.flush();
    await verify(part, options, headers);
    const { size } = part;
    await part.complete();
    return { file, size, headers };
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    throw asStorageError(error, file);
  } finally {
    await part.release();
  }
}

/** Each attempt continues where the previous one ended. */
function attempts(part: PartFile, options: DownloadOptions): () => Promise<Headers> {
  const { url, file, what, headers, explain, signal, onProgress } = options;
  const expectedSize = options.expected?.size;
  let furthest = part.size;
  return () =>
    receive(part, {
      url,
      what,
      headers,
      explain,
      signal,
      stall: (options.patience ?? usualPatience).stall,
      // More than ever before, not more than at the start of this attempt: otherwise a file that changes with each
      // attempt would be retried forever.
      isNew: (size) => size > furthest,
      onStart(from, total) {
        if (expectedSize !== undefined && total !== null && total !== expectedSize)
          throw wrongSize(what, expectedSize, total);
        if (total !== null) requireFreeSpace(dirname(file), total - from, what);
        onProgress?.({ done: from, total: total ?? expectedSize ?? null });
      },
      onBytes(total) {
        if (expectedSize !== undefined && part.size > expectedSize) throw wrongSize(what, expectedSize, part.size);
        onProgress?.({ done: part.size, total: total ?? expectedSize ?? null });
      },
    }).finally(() => (furthest = Math.max(furthest, part.size)));
}

async function verify(
  part: PartFile,
  { what, expected, checksumsOf, signal }: DownloadOptions,
  headers: Headers,
): Promise<void> {
  if (expected?.size !== undefined && part.size !== expected.size) {
    const found = part.size;
    part.discard();
    throw wrongSize(what, expected.size, found);
  }
  const wrong = await findWrong(part.path, [...(expected?.checksums ?? []), ...(checksumsOf?.(headers) ?? [])], signal);
  if (!wrong) return;
  part.discard();
  throw new LabError(
    'download',
    `${what}: the downloaded file is wrong: expected ${wrong.name} ${wrong.expected}, found ${wrong.found}. It was removed.`,
    'Start the download again. If this repeats, a device between this machine and the server changes the file.',
  );
}

function wrongSize(what: string, expected: number, found: number): LabError {
  return new LabError(
    'download',
    `${what}: expected ${formatCount(expected)} bytes, found ${formatCount(found)}.`,
    'Start the download again later: the file may be changing on the server.',
  );
}

function inWords<T>(action: () => T, file: string): T {
  try {
    return action();
  } catch (error) {
    throw asStorageError(error, file);
  }
}
