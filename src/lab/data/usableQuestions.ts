import type { Answer, Question } from './dataset.ts';
import type { ImportContext } from './importContext.ts';
import type { PostSorter } from './postSorter.ts';

/**
 * The last stage of an import that sorts first: questions with an answer, up to the limit, and counts
 * of the rest.
 *
 * @param bytes size of the source, to report progress
 * @param options `labels`: scores are labels of relevance, and answers that are not above 0 are no answers
 */
export function* usableQuestions(
  sorter: PostSorter,
  bytes: number,
  context: ImportContext,
  { labels = false }: { readonly labels?: boolean } = {},
): Generator<Question, void> {
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
    const answers = labels ? relevant(question.answers, context) : question.answers;
    if (answers.length === 0) continue;
    yield { ...question, answers };
    if (++usable === context.limit) return;
  }
}

/** The answers that are relevant by their label; the others are counted. */
function relevant(answers: readonly Answer[], { excluded }: ImportContext): readonly Answer[] {
  const found = answers.filter(({ score }) => score > 0);
  excluded.answersNotRelevant = (excluded.answersNotRelevant ?? 0) + answers.length - found.length;
  if (found.length === 0) excluded.questionsWithoutPositive = (excluded.questionsWithoutPositive ?? 0) + 1;
  return found;
}
