import { createReadStream } from 'node:fs';
import { asReadingError } from './storage.ts';

/**
 * Reads a file, or a part of it, in pieces. Throws a `storage` LabError that names the file if it cannot be read; the
 * error of a stream does not name it.
 */
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
