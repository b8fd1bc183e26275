import type { Provenance, Source } from '../../shared/manifest.ts';
import { SkippedRows } from './skippedRows.ts';

/** Questions and answers that are sound in themselves and yet not part of the dataset. */
export interface Excluded {
  questionsWithoutAnswers: number;
  /** Answers whose question is missing or was skipped; null where `limit` ended the reading before that is known. */
  orphanAnswers: number | null;
  /** Posts that are neither questions nor answers. */
  otherPosts?: number;
  /** Documents that are relevant to no query. */
  unusedDocuments?: number;
}

export interface ImportProgress {
  readonly stage: 'checking' | 'posts' | 'rows' | 'documents' | 'queries' | 'answers' | 'questions';
  /** Of the whole import, in which every file is gone through at least twice: checked, then used. */
  readonly bytesRead: number;
  readonly bytesTotal: number;
}

/** What the importers share: limits and ways to report, and what they find to report. */
export class ImportContext {
  readonly skipped = new SkippedRows();
  readonly excluded: Excluded = { questionsWithoutAnswers: 0, orphanAnswers: null };
  /** How a table was read. */
  table: (Partial<Pick<Source, 'columns' | 'delimiter'>> & { answersWithoutScore: number }) | undefined;
  /** What the source says of itself. */
  readonly known: Partial<Pick<Provenance, 'licence' | 'attribution' | 'origin'>> = {};
  /** A folder for files that may be left behind when the import ends. */
  readonly temporary: string;
  /** At most so many usable questions, the first ones of the file. */
  readonly limit: number | undefined;
  readonly signal: AbortSignal | undefined;
  private readonly bytesTotal: number;
  private readonly onProgress: ((progress: ImportProgress) => void) | undefined;
  private bytesRead = 0;

  constructor(options: {
    temporary: string;
    limit?: number | undefined;
    signal?: AbortSignal | undefined;
    onProgress?: ((progress: ImportProgress) => void) | undefined;
    /** Sum of the sizes of the files, times how often they are gone through. */
    bytes: number;
  }) {
    this.temporary = options.temporary;
    this.limit = options.limit;
    this.signal = options.signal;
    this.onProgress = options.onProgress;
    this.bytesTotal = options.bytes;
  }

  /** Options for reading a file in one stage. */
  reading(stage: ImportProgress['stage']): { signal: AbortSignal | undefined; onBytes: (bytes: number) => void } {
    const onBytes = (bytes: number): void => {
      this.bytesRead += bytes;
      this.onProgress?.({ stage, bytesRead: this.bytesRead, bytesTotal: this.bytesTotal });
    };
    return { signal: this.signal, onBytes };
  }
}
