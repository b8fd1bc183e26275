import { formatBeginning } from '../../shared/format.ts';

/** One row that was not used: where it is and why. */
export interface SkippedRow {
  readonly file: string;
  /** Such as "line 12, column Score" or "item 3, answer 0". */
  readonly where: string;
  /** A fixed phrase, so that rows can be counted by it. */
  readonly reason: string;
  /** What was found there, shortened; empty if the reason says enough. */
  readonly found: string;
}

const keptExamples = 20;
const shownCharacters = 60;

/** Counts every skipped row by reason and keeps the first ones as examples, in bounded memory. */
export class SkippedRows {
  total = 0;
  /** Characters that texts cannot have, such as NUL: they are removed, the text is used. */
  characters = 0;
  readonly examples: SkippedRow[] = [];
  readonly #counts = new Map<string, number>();

  add(row: SkippedRow): void {
    this.total++;
    this.#counts.set(row.reason, (this.#counts.get(row.reason) ?? 0) + 1);
    if (this.examples.length < keptExamples)
      this.examples.push({ ...row, found: formatBeginning(row.found, shownCharacters) });
  }

  /** The text without the characters that it cannot have. */
  withoutNul(text: string): string {
    if (!text.includes('\0')) return text;
    const cleaned = text.replaceAll('\0', '');
    this.characters += text.length - cleaned.length;
    return cleaned;
  }

  /** Most frequent first. */
  byReason(): Record<string, number> {
    return Object.fromEntries([...this.#counts].sort(([, a], [, b]) => b - a));
  }
}

/** For a message: "3 × score is not a number, 1 × duplicate id". */
export function describeReasons(byReason: Readonly<Record<string, number>>): string {
  return Object.entries(byReason)
    .map(([reason, count]) => `${count} × ${reason}`)
    .join(', ');
}
