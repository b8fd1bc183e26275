import type { CorpusQuestion } from '../data/corpus.ts';
import type { TextClasses } from './textClasses.ts';

/**
 * Makes batches in which no two questions share a mark, if possible. If a question shares a mark with another of its
 * batch, it swaps places with the next question (after the end, from the start) for which the swap causes no new
 * conflict. Deterministic; every question stays in exactly one batch, and batches keep their sizes. `marks` has the
 * marks of each question, by its index.
 */
export function separateConflicts(
  batches: readonly (readonly number[])[],
  marks: readonly (readonly number[])[],
): number[][] {
  const order = batches.flat();
  const batchOf = batches.flatMap(({ length }, batch) => Array.from({ length }, () => batch));
  const meetings = new Meetings(batches, marks);
  for (const place of order.keys()) {
    const question = order[place]!;
    if (!meetings.meets(question, batchOf[place]!, question) || meetings.isEverywhere(question)) continue;
    const other = firstAfter(place, order.length, (each) =>
      meetings.canSwap(question, batchOf[place]!, order[each]!, batchOf[each]!),
    );
    if (other === null) continue;
    meetings.swap(question, batchOf[place]!, order[other]!, batchOf[other]!);
    [order[place], order[other]] = [order[other]!, question];
  }
  let end = 0;
  return batches.map(({ length }) => order.slice(end, (end += length)));
}

function firstAfter(place: number, count: number, fits: (place: number) => boolean): number | null {
  for (let offset = 1; offset < count; offset++) {
    const each = (place + offset) % count;
    if (fits(each)) return each;
  }
  return null;
}

/** Count of each mark in each batch. */
class Meetings {
  readonly #marks: readonly (readonly number[])[];
  readonly #counts: readonly Map<number, number>[];
  /** Number of batches that contain a mark. */
  readonly #batchesWith = new Map<number, number>();

  constructor(batches: readonly (readonly number[])[], marks: readonly (readonly number[])[]) {
    this.#marks = marks;
    this.#counts = batches.map(() => new Map());
    batches.forEach((batch, index) => batch.forEach((question) => this.#change(question, index, 1)));
  }

  /** Whether the question shares a mark with a question of the batch other than `leaving`. */
  meets(question: number, batch: number, leaving: number): boolean {
    return this.#marks[question]!.some(
      (mark) => (this.#counts[batch]!.get(mark) ?? 0) > Number(this.#marks[leaving]!.includes(mark)),
    );
  }

  /** Whether the question has a mark that every batch contains. */
  isEverywhere(question: number): boolean {
    return this.#marks[question]!.some((mark) => this.#batchesWith.get(mark) === this.#counts.length);
  }

  canSwap(question: number, batch: number, other: number, otherBatch: number): boolean {
    return batch !== otherBatch && !this.meets(question, otherBatch, other) && !this.meets(other, batch, question);
  }

  swap(question: number, batch: number, other: number, otherBatch: number): void {
    for (const [each, from, to] of [
      [question, batch, otherBatch],
      [other, otherBatch, batch],
    ] as const) {
      this.#change(each, from, -1);
      this.#change(each, to, 1);
    }
  }

  #change(question: number, batch: number, by: 1 | -1): void {
    const counts = this.#counts[batch]!;
    for (const mark of this.#marks[question]!) {
      const count = (counts.get(mark) ?? 0) + by;
      counts.set(mark, count);
      if (count === (by === 1 ? 1 : 0)) this.#batchesWith.set(mark, (this.#batchesWith.get(mark) ?? 0) + by);
    }
  }
}

/**
 * The marks of each question: the classes of its text and of its answers that another question shares, so that answers
 * would be false negatives. Most questions have none.
 */
export function sharedMarks(questions: readonly CorpusQuestion[], classes: TextClasses): number[][] {
  const all = questions.map(({ text, answers }) => [
    2 * classes.of(text),
    ...new Set(answers.map((answer) => 2 * classes.of(answer.text) + 1)),
  ]);
  const counts = new Map<number, number>();
  for (const mark of all.flat()) counts.set(mark, (counts.get(mark) ?? 0) + 1);
  return all.map((marks) => marks.filter((mark) => counts.get(mark)! > 1));
}
