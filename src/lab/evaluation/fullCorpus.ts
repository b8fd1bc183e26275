import { fullCorpusMetricNames, type FullCorpusMetric } from '../../shared/metrics.ts';
import { accuracy, averagePrecision, ndcg, recall, reciprocalRank } from './metrics.ts';
import { rankAmongAll } from './ranking.ts';

/** Full-corpus evaluation: each query against every document of the test split. */

const measures: Record<FullCorpusMetric, (ranks: readonly number[]) => number> = {
  'mrr@10': (ranks) => reciprocalRank(ranks, 10),
  'ndcg@10': (ranks) => ndcg(ranks, 10),
  'map@100': (ranks) => averagePrecision(ranks, 100),
  'accuracy@1': (ranks) => accuracy(ranks, 1),
  'accuracy@3': (ranks) => accuracy(ranks, 3),
  'accuracy@5': (ranks) => accuracy(ranks, 5),
  'accuracy@10': (ranks) => accuracy(ranks, 10),
  'recall@1': (ranks) => recall(ranks, 1),
  'recall@3': (ranks) => recall(ranks, 3),
  'recall@5': (ranks) => recall(ranks, 5),
  'recall@10': (ranks) => recall(ranks, 10),
};

export type FullCorpusValues = Record<FullCorpusMetric | `${FullCorpusMetric}_own`, number>;

/**
 * The metrics of one query from its similarities with every document: once only its best answer is relevant (its other
 * answers compete with it), once all its answers are relevant (`_own`).
 *
 * @param row [documents]
 * @param answers positions of the query's answers in `row`, best first
 */
export function evaluateFullCorpus(row: Float32Array, answers: readonly number[]): FullCorpusValues {
  const ranks = [...new Set(answers)].map((answer) => rankAmongAll(row, answer));
  const best = ranks.slice(0, 1);
  const own = ranks.toSorted((a, b) => a - b);
  return Object.fromEntries(
    fullCorpusMetricNames.flatMap((name) => [
      [name, measures[name](best)],
      [`${name}_own`, measures[name](own)],
    ]),
  ) as FullCorpusValues;
}
