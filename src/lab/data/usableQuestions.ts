import type { Question } from './dataset.ts';
import type { ImportContext } from './importContext.ts';
import type { PostSorter } from './postSorter.ts';

/**
 * The last stage of an import that sorts first: questions with an answer, up to the limit, and counts
 * of the rest.
 *
 * @param bytes size of the source, to report progress
 */
export function* usableQuestions(sorter: PostSorter, bytes: number, context: ImportContext): Generator<Question, void> {
  sorter.seal();
  context.excluded.orphanAnswers = sorter.countOrphans();
  const { onBytes } = context.reading('questions');
  const bytesEach = bytes / Math.max(1, sorter.countQuestions());
  let usable = 0;
  for (const question of sorter.questions()) {
    context.signal?.throwIfAborted();
    onBytes(bytesEach);
    if (question.answers.length === 0) {
      context.excluded.questionsWithoutAnswers++;
      continue;
    }
    yield question;
    if (++usable === context.limit) return;
  }
}
