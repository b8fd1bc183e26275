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
  /** Where it goes; its folder must exist. While it is arriving there are `<file>.part`, `.part.json` and `.part.lock` instead. */
  readonly file: string;
  /** For people: what is being fetched. Begins messages. */
  readonly what: string;
  /** Names in any case. Authorisation goes to the origin of `url` and nowhere else. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** What is known of the file before. */
  readonly expected?: { readonly size?: number | undefined; readonly checksums?: readonly Checksum[] } | undefined;
  /** What the last answer, behind all redirects, says that the file must add up to. */
  readonly checksumsOf?: ((headers: Headers) => readonly Checksum[]) | undefined;
  readonly explain?: Explain | undefined;
  /** Aborting rejects with its reason; what has arrived is kept. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  readonly patience?: Patience | undefined;
}

export interface Progress {
  /** Bytes that are there. */
  readonly done: number;
  /** Null where the server does not tell. */
  readonly total: number | null;
}

export interface Downloaded {
  readonly file: string;
  readonly size: number;
  /** Of the last answer. */
  readonly headers: Headers;
}

/**
 * Fetches one file. It bears its name only when it is whole and adds up; until then its part stays, and
 * another call, also of a later process, goes on with it. Cuts, silence and busy servers are borne with
 * (`Patience`). Throws a `download` or `storage` LabError; none of its words is a header or a query.
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

/** Each goes on where the one before has ended. */
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
      // More than ever before, not more than at the start: a file that changes with each attempt would never end.
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
    `${what}: what arrived is not the file: expected ${wrong.name} ${wrong.expected}, found ${wrong.found}. It was removed.`,
    'Start it again; if it stays so, something between here and the server changes the file.',
  );
}

function wrongSize(what: string, expected: number, found: number): LabError {
  return new LabError(
    'download',
    `${what}: expected ${formatCount(expected)} bytes, found ${formatCount(found)}.`,
    'Start it again later: the file may be being changed on the server.',
  );
}

function inWords<T>(action: () => T, file: string): T {
  try {
    return action();
  } catch (error) {
    throw asStorageError(error, file);
  }
}
