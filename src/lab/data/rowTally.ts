import { LabError } from '../../shared/errors.ts';
import type { TextFile } from './encoding.ts';
import { describeReasons, SkippedRows } from './skippedRows.ts';

/** Counts the rows of one file, and how many of them are skipped. */
export class RowTally {
  readonly #file: TextFile;
  /** Rows skipped in the whole import, and in this file. */
  readonly #skipped: SkippedRows;
  readonly #skippedHere = new SkippedRows();
  #rows = 0;

  constructor(file: TextFile, skipped: SkippedRows) {
    this.#file = file;
    this.#skipped = skipped;
  }

  count(): void {
    this.#rows++;
  }

  /** @param where such as "line 12, column Score" */
  skip(where: string, reason: string, found: string): void {
    const row = { file: this.#file.name, where, reason, found };
    this.#skipped.add(row);
    this.#skippedHere.add(row);
  }

  /** @throws LabError if more than half of the rows counted so far were skipped */
  requireMostlyUsable(): void {
    if (this.#skippedHere.total * 2 <= this.#rows) return;
    const example = this.#skippedHere.examples[0]!;
    throw new LabError(
      'data',
      `${this.#file.name}: ${this.#skippedHere.total} of ${this.#rows} rows cannot be used: ` +
        `${describeReasons(this.#skippedHere.byReason())}. The first is at ${example.where}` +
        `${example.found && `: "${example.found}"`}.`,
      `Check that it is the right file and that its columns are what you expect; it was read as ${this.#file.encoding}.`,
    );
  }
}
