import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import type { Manifest } from '../../../shared/manifest.ts';
import { datasetsFolder } from '../datasetFolder.ts';
import { sizeOfFile } from '../encoding.ts';
import { importDataset, placeFor, type ImportOptions } from '../importDataset.ts';
import { makeWorkFolder, removeWorkFolder } from '../../files/storage.ts';
import { unpackQuestionFiles } from './questionFiles.ts';

export interface ArchiveImportOptions extends Omit<ImportOptions, 'source' | 'onProgress'> {
  /** Path of a zip archive with Questions.csv and Answers.csv. */
  readonly archive: string;
  readonly onProgress?: ((progress: ArchiveProgress) => void) | undefined;
}

export interface ArchiveProgress {
  readonly stage: 'checking' | 'unpacking' | 'importing';
  /** Bytes of this stage. */
  readonly done: number;
  readonly total: number;
}

/**
 * Imports the Questions.csv and Answers.csv of an archive as a dataset, whose manifest names the archive
 * and its hash. The unpacked files are removed afterwards, also after an error; the archive is not changed.
 *
 * @throws LabError if the name, the archive, its files or the home folder cannot be used
 */
export async function importArchive({
  archive,
  onProgress,
  ...options
}: ArchiveImportOptions): Promise<{ folder: string; manifest: Manifest }> {
  const { signal, home, known } = options;
  await placeFor(options);
  const sha256 = await hashOf(archive, signal, (done, total) => onProgress?.({ stage: 'checking', done, total }));
  const folder = await makeWorkFolder(datasetsFolder(home), 0);
  try {
    const files = await unpackQuestionFiles(archive, folder, {
      signal,
      onProgress: (progress) => onProgress?.({ stage: 'unpacking', ...progress }),
    });
    return await importDataset({
      ...options,
      source: { kind: 'csv', ...files },
      known: { ...known, origin: { reference: known?.origin?.reference ?? basename(archive), sha256 } },
      onProgress: ({ bytesRead, bytesTotal }) =>
        onProgress?.({ stage: 'importing', done: bytesRead, total: bytesTotal }),
    });
  } finally {
    await removeWorkFolder(folder);
  }
}

async function hashOf(
  file: string,
  signal: AbortSignal | undefined,
  onProgress: (done: number, total: number) => void,
): Promise<string> {
  signal?.throwIfAborted();
  const total = await sizeOfFile(file);
  const hash = createHash('sha256');
  let done = 0;
  for await (const chunk of createReadStream(file, {
    highWaterMark: Math.min(2 ** 20, total),
  }) as AsyncIterable<Buffer>) {
    signal?.throwIfAborted();
    hash.update(chunk);
    onProgress((done += chunk.length), total);
  }
  return hash.digest('hex');
}
