import type { Provenance, Source } from '../../shared/manifest.ts';
import { SkippedRows } from './skippedRows.ts';

/** Questions and answers that are valid, but not part of the dataset. */
export interface Excluded {
  questionsWithoutAnswers: number;
  /** Answers whose question is missing or was skipped; null if `limit` ended the reading before that was known. */
  orphanAnswers: number | null;
  /** Posts that are neither questions nor answers. */
  otherPosts?: number;
  /** Answers whose label is not above 0, and questions that have only such answers. */
  answersNotRelevant?: number;
  questionsWithoutPositive?: number;
  /** Documents that are relevant to no query. */
  unusedDocuments?: number;
}

export interface ImportProgress {
  readonly stage: 'checking' | 'posts' | 'rows' | 'documents' | 'queries' | 'answers' | 'questions';
  /** Of the whole import, which reads every file at least twice: to check it, then to use it. */
  readonly bytesRead: number;
  readonly bytesTotal: number;
}

/** What importers share: limits, progress, and counts of what they skip and exclude. */
export class ImportContext {
  readonly skipped = new SkippedRows();
  readonly excluded: Excluded = { questionsWithoutAnswers: 0, orphanAnswers: null };
  /** How a table was read. */
  table:
    | (Partial<Pick<Source, 'columns' | 'delimiter' | 'texts' | 'escape' | 'decimalComma' | 'labels'>> & {
        answersWithoutScore: number;
      })
    | undefined;
  /** What the source says about itself. */
  readonly known: Partial<Pick<Provenance, 'licence' | 'attribution' | 'origin'>> = {};
  /** A folder for temporary files; it is removed when the import ends. */
  readonly temporary: string;
  /** Only the first N usable questions. */
  readonly limit: number | undefined;
  readonly signal: AbortSignal | undefined;
  readonly #bytesTotal: number;
  readonly #onProgress: ((progress: ImportProgress) => void) | undefined;
  #bytesRead = 0;

  constructor(options: {
    temporary: string;
    limit?: number | undefined;
    signal?: AbortSignal | undefined;
    onProgress?: ((progress: ImportProgress) => void) | undefined;
    /** Sum of the sizes of the files, times how often they are read. */
    bytes: number;
  }) {
    this.temporary = options.temporary;
    this.limit = options.limit;
    this.signal = options.signal;
    this.#onProgress = options.onProgress;
    this.#bytesTotal = options.bytes;
  }

  /** Options for reading a file in one stage. */
  reading(stage: ImportProgress['stage']): { signal: AbortSignal | undefined; onBytes: (bytes: number) => void } {
    const onBytes = (bytes: number): void => {
      this.#bytesRead += bytes;
      this.#onProgress?.({ stage, bytesRead: this.#bytesRead, bytesTotal: this.#bytesTotal });
    };
    return { signal: this.signal, onBytes };
  }
}
