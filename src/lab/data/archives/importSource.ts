import type { Manifest } from '../../../shared/manifest.ts';
import type { SourceRequest } from '../../../shared/sourceRequest.ts';
import type { ImportProgress } from '../importContext.ts';
import { importDataset, type ImportOptions } from '../importDataset.ts';
import { importArchive, type ArchiveProgress } from './importArchive.ts';

export interface SourceProgress {
  /** What is being done, for people. */
  readonly stage: string;
  /** Bytes: of this stage, or of the whole import if the source is not an archive. */
  readonly done: number;
  readonly total: number;
}

export interface SourceImportOptions extends Omit<ImportOptions, 'source' | 'onProgress'> {
  readonly source: SourceRequest;
  readonly onProgress?: ((progress: SourceProgress) => void) | undefined;
}

const archiveStages: Readonly<Record<ArchiveProgress['stage'], string>> = {
  checking: 'Checking the archive',
  unpacking: 'Unpacking the archive',
  importing: 'Importing the unpacked files',
};
const fileStages: Readonly<Record<ImportProgress['stage'], string>> = {
  checking: 'Checking the files',
  posts: 'Reading the posts',
  rows: 'Reading the rows',
  documents: 'Reading the documents',
  queries: 'Reading the queries',
  answers: 'Reading the answers',
  questions: 'Reading the questions',
};

/**
 * Imports any source as a dataset: an archive, or files.
 *
 * @throws LabError if the name, the source or the home folder cannot be used
 */
export function importSource({
  source,
  onProgress,
  ...options
}: SourceImportOptions): Promise<{ folder: string; manifest: Manifest }> {
  if (source.kind === 'archive')
    return importArchive({
      ...options,
      archive: source.file,
      onProgress: ({ stage, ...progress }) => onProgress?.({ stage: archiveStages[stage], ...progress }),
    });
  return importDataset({
    ...options,
    source,
    onProgress: ({ stage, bytesRead, bytesTotal }) =>
      onProgress?.({ stage: fileStages[stage], done: bytesRead, total: bytesTotal }),
  });
}
