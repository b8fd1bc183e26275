import type { StandardizedMetric } from '../../shared/metrics.ts';
import { standardizedItems } from '../batching/standardizedTest.ts';
import type { CorpusQuestion } from '../data/corpus.ts';
import type { Collection } from './collection.ts';
import { accuracy, reciprocalRank, truncatedAveragePrecision, truncatedNdcg } from './metrics.ts';
import { countAhead } from './ranking.ts';

/**
 * Standardised evaluation: each test question with at least two answers against a few candidates of its test batch. The
 * candidates, and so the figures, depend on the batch size.
 */

/** The candidates of one question, as positions in `Collection.documents`. */
export interface Candidates {
  readonly positive: number;
  /** At least one. */
  readonly hardNegatives: readonly number[];
  /** The positives of the whole test batch, the question's own among them. */
  readonly batchPositives: readonly number[];
}

/**
 * The candidates of every question that has any. Test batches are consecutive slices of min(test size, 4 × batch size)
 * questions of the test split, including questions without answers.
 */
export function standardizedCandidates(
  testQuestions: readonly CorpusQuestion[],
  batchSize: number,
  { positionOf }: Pick<Collection, 'positionOf'>,
): Map<CorpusQuestion, Candidates> {
  const candidates = new Map<CorpusQuestion, Candidates>();
  const testBatchSize = 4 * batchSize;
  for (let start = 0; start < testQuestions.length; start += testBatchSize) {
    const items = standardizedItems(testQuestions.slice(start, start + testBatchSize));
    const batchPositives = items.map(({ positive }) => positionOf(positive));
    items.forEach(({ question, hardNegatives }, index) => {
      candidates.set(question, {
        positive: batchPositives[index]!,
        hardNegatives: hardNegatives.map(positionOf),
        batchPositives,
      });
    });
  }
  return candidates;
}

export type StandardizedValues = Record<StandardizedMetric, number>;

/** The metrics of one query from its similarities with every document: `row` is [documents]. */
export function evaluateStandardized(
  row: Float32Array,
  { positive, hardNegatives, batchPositives }: Candidates,
): StandardizedValues {
  const aheadInBatch = countAhead(row, positive, batchPositives);
  const aheadOfOwn = countAhead(row, positive, hardNegatives);
  const among = { all: [1 + aheadInBatch + aheadOfOwn], inBatch: [1 + aheadInBatch], own: [1 + aheadOfOwn] };
  return {
    mrr: reciprocalRank(among.all),
    'accuracy@1': accuracy(among.all, 1),
    'ndcg@1': truncatedNdcg(among.all, 1),
    'ndcg@5': truncatedNdcg(among.all, 5),
    'ndcg@10': truncatedNdcg(among.all, 10),
    'map@1': truncatedAveragePrecision(among.all, 1),
    'map@5': truncatedAveragePrecision(among.all, 5),
    'map@10': truncatedAveragePrecision(among.all, 10),
    mrr_in_batch: reciprocalRank(among.inBatch),
    'accuracy@1_in_batch': accuracy(among.inBatch, 1),
    mrr_hard_neg: reciprocalRank(among.own),
    'accuracy@1_hard_neg': accuracy(among.own, 1),
  };
}
