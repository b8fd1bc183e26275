import type { ImportRequest } from '../../shared/contract/datasets.ts';

/** Paths of the files to import, and how to read them. */
export type ImportSource = Exclude<ImportRequest['source'], { kind: 'archive' }>;
export type SourceOf<Kind extends ImportSource['kind']> = Extract<ImportSource, { kind: Kind }>;
