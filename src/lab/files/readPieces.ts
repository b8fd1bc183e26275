import { createReadStream } from 'node:fs';
import { asReadingError } from './storage.ts';

/** A file, or a part of it, piece by piece. Throws a `storage` LabError that names it where it cannot be read: a stream does not. */
export async function* readPieces(
  path: string,
  options: {
    readonly start?: number;
    readonly end?: number;
    readonly highWaterMark?: number;
    readonly signal?: AbortSignal | undefined;
  } = {},
): AsyncGenerator<Buffer, void> {
  try {
    yield* createReadStream(path, options) as AsyncIterable<Buffer>;
  } catch (error) {
    throw asReadingError(error, path);
  }
}
