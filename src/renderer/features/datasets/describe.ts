import type { Histogram } from '../../../shared/contract/datasets.ts';
import type { Manifest } from '../../../shared/manifest.ts';

const sourceTitles: Record<Manifest['source']['kind'], string> = { csv: 'CSV tables', json: 'JSON file', made: 'Comes with LossLab' };

/** Where a dataset comes from, in a word or two. */
export function sourceTitle({ source }: Manifest): string {
  return sourceTitles[source.kind];
}

/** Everything of the source that is no part of the dataset, and why: most frequent first. */
export function leftOut({ skipped, excluded }: Manifest): { readonly reason: string; readonly count: number }[] {
  const reasons = Object.entries(skipped.byReason).map(([reason, count]) => ({ reason, count }));
  reasons.push({ reason: 'question without answers', count: excluded.questionsWithoutAnswers });
  reasons.push({ reason: 'answer without its question', count: excluded.orphanAnswers ?? 0 });
  return reasons.filter(({ count }) => count > 0).sort((a, b) => b.count - a.count);
}

/** As bins of one answer each. */
export function answersHistogram(answersPerQuestion: readonly number[]): Histogram {
  return { edges: Array.from({ length: answersPerQuestion.length + 1 }, (_, answers) => answers), counts: answersPerQuestion };
}
