import type { Histogram } from '../../../shared/contract/datasets.ts';
import type { Manifest } from '../../../shared/manifest.ts';
import { sources } from '../../../shared/sources.ts';
import { formatAmount, formatCount } from '../../../shared/format.ts';
import type { ColumnMapping } from '../../../shared/table.ts';

/** What a dataset's manifest and details say, as screens show it. */

/** Where a dataset comes from. */
export function sourceTitle({ source: { kind } }: Manifest): string {
  return kind === 'made' ? 'Part of LossLab' : sources[kind].title;
}

/** `490 questions, all with at least two answers` */
export function questionsInWords({ questions, questionsWithTwoOrMore }: Manifest['counts']): string {
  const some = questionsWithTwoOrMore === questions ? 'all' : formatCount(questionsWithTwoOrMore);
  return `${formatAmount(questions, 'question')}, ${some} with at least two answers`;
}

/** `question: "ask", answer: "reply"` */
export function columnsInWords(columns: ColumnMapping): string {
  return Object.entries(columns)
    .map(([role, column]) => `${role.replaceAll('_', ' ')}: “${column}”`)
    .join(', ');
}

/** Everything of the source that is no part of the dataset, and why: most frequent first. */
export function leftOut({ skipped, excluded }: Manifest): { readonly reason: string; readonly count: number }[] {
  return [
    ...Object.entries(skipped.byReason).map(([reason, count]) => ({ reason, count })),
    { reason: 'question without an answer', count: excluded.questionsWithoutAnswers },
    { reason: 'answer whose question is missing', count: excluded.orphanAnswers ?? 0 },
    { reason: 'post that is neither question nor answer', count: excluded.otherPosts ?? 0 },
    { reason: 'document that is not relevant to any query', count: excluded.unusedDocuments ?? 0 },
  ]
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count);
}

const mostAnswers = 15;

/** One bar per number of answers, from 1 on; the last one holds all that have more. */
export function answersHistogram(answersPerQuestion: readonly number[]): Histogram {
  const bars = Math.max(1, Math.min(mostAnswers, answersPerQuestion.length - 1));
  const counts = Array.from({ length: bars }, (_, index) => answersPerQuestion[index + 1] ?? 0);
  counts[bars - 1]! += answersPerQuestion.slice(bars + 1).reduce((sum, count) => sum + count, 0);
  return { edges: Array.from({ length: bars + 1 }, (_, index) => index + 1), counts };
}
