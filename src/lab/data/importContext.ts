import { SkippedRows } from './skippedRows.ts';

/** Questions and answers that are sound in themselves and yet not part of the dataset. */
export interface Excluded {
  questionsWithoutAnswers: number;
  /** Answers whose question is missing or was skipped; null where `limit` ended the reading before that is known. */
  orphanAnswers: number | null;
}

export interface ImportProgress {
  readonly stage: 'checking' | 'answers' | 'questions';
  /** Of the whole import, in which every file is read twice: checked, then used. */
  readonly bytesRead: number;
  readonly bytesTotal: number;
}

/** What the importers share: limits and ways to report, and what they find to report. */
export class ImportContext {
  readonly skipped = new SkippedRows();
  readonly excluded: Excluded = { questionsWithoutAnswers: 0, orphanAnswers: null };
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
    /** Sum of the sizes of the files. */
    bytes: number;
  }) {
    this.temporary = options.temporary;
    this.limit = options.limit;
    this.signal = options.signal;
    this.onProgress = options.onProgress;
    this.bytesTotal = 2 * options.bytes;
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
