import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as metrics from '../../../../src/lab/evaluation/metrics.ts';

const fixtureFile = (name: string) => readFileSync(new URL(`../../../fixtures/${name}`, import.meta.url), 'utf8');

describe('measures of one ranked list, against tests/fixtures/metrics.json', () => {
  const { perQuery } = JSON.parse(fixtureFile('metrics.json')) as {
    perQuery: ({ relevances: number[] } & Record<string, number>)[];
  };

  test.each(perQuery)('list %#: $relevances', ({ relevances, ...expected }) => {
    const ranks = metrics.relevantRanks(relevances);
    const found: Record<string, number> = { mrr: metrics.reciprocalRank(ranks) };
    for (const k of [1, 5, 10]) {
      found[`ndcg@${k}`] = metrics.truncatedNdcg(ranks, k);
      found[`map@${k}`] = metrics.truncatedAveragePrecision(ranks, k);
    }
    expect(Object.keys(found).sort()).toEqual(Object.keys(expected).sort());
    for (const [name, value] of Object.entries(found)) expect(value, name).toBeCloseTo(expected[name]!, 9);
  });
});

/**
 * The figures that NIST publishes with trec_eval for its own test run: 3 queries, 1500 retrieved
 * documents, up to 474 relevant ones per query, some of them not retrieved.
 */
describe('measures with all relevant documents known, against trec_eval', () => {
  const queries = readTrecRun();
  const measures: Record<string, (ranks: readonly number[]) => number> = {
    recip_rank: (ranks) => metrics.reciprocalRank(ranks),
    ndcg_cut_5: (ranks) => metrics.ndcg(ranks, 5),
    ndcg_cut_10: (ranks) => metrics.ndcg(ranks, 10),
    ndcg_cut_100: (ranks) => metrics.ndcg(ranks, 100),
    map_cut_10: (ranks) => metrics.averagePrecision(ranks, 10),
    map_cut_100: (ranks) => metrics.averagePrecision(ranks, 100),
    map_cut_500: (ranks) => metrics.averagePrecision(ranks, 500),
    success_1: (ranks) => metrics.accuracy(ranks, 1),
    success_5: (ranks) => metrics.accuracy(ranks, 5),
    success_10: (ranks) => metrics.accuracy(ranks, 10),
    recall_5: (ranks) => metrics.recall(ranks, 5),
    recall_10: (ranks) => metrics.recall(ranks, 10),
    recall_100: (ranks) => metrics.recall(ranks, 100),
  };

  test.each(Object.keys(measures))('%s', (name) => {
    expect(queries.map(({ id }) => id)).toEqual(['301', '302', '303']);
    for (const { ranks, published } of queries) expect(measures[name]!(ranks).toFixed(4)).toBe(published[name]);
  });
});

function readTrecRun(): { id: string; ranks: number[]; published: Record<string, string> }[] {
  const table = (file: string) =>
    fixtureFile(`trec_eval/${file}`)
      .trim()
      .split('\n')
      .map((line) => line.split(/\s+/));
  const relevant = new Map<string, Set<string>>();
  for (const [query, , document, relevance] of table('qrels.test')) {
    if (!relevant.has(query!)) relevant.set(query!, new Set());
    if (relevance !== '0') relevant.get(query!)!.add(document!);
  }
  const run = table('results.test').map(([query, , document, , score]) => ({
    query,
    document: document!,
    score: Number(score),
  }));
  const published = table('out.test.aq');
  const figuresOf = (id: string): Record<string, string> =>
    Object.fromEntries(
      published.filter(([, query]) => query === id).map(([name, , value]) => [name!, value!] as const),
    );
  return [...relevant].map(([id, documents]) => {
    // trec_eval ranks equal scores by descending document id.
    const ranked = run
      .filter(({ query }) => query === id)
      .sort((a, b) => b.score - a.score || (a.document < b.document ? 1 : -1));
    const found = metrics.relevantRanks(ranked.map(({ document }) => (documents.has(document) ? 1 : 0)));
    const missed = Array.from({ length: documents.size - found.length }, () => Infinity);
    return { id, ranks: [...found, ...missed], published: figuresOf(id) };
  });
}

describe('edge cases', () => {
  const all = [
    metrics.accuracy,
    metrics.recall,
    metrics.ndcg,
    metrics.truncatedNdcg,
    metrics.averagePrecision,
    metrics.truncatedAveragePrecision,
    metrics.reciprocalRank,
  ];

  test.each(all)('%o is 0 without a relevant document, and where none is found', (measure) => {
    expect(measure([], 10)).toBe(0);
    expect(measure([11, Infinity], 10)).toBe(0);
  });

  test.each(all)('%o is 1 when the only relevant document comes first', (measure) => {
    expect(measure([1], 10)).toBe(1);
  });

  test('average precision divides by all relevant documents, not by the cutoff', () => {
    expect(metrics.averagePrecision([1, 2, 3, 4], 2)).toBe(0.5);
    expect(metrics.truncatedAveragePrecision([1, 2, 3, 4], 2)).toBe(1);
  });

  test('the ideal of NDCG holds all relevant documents, that of the truncated one those found', () => {
    expect(metrics.ndcg([1, 11], 10)).toBeCloseTo(1 / (1 + 1 / Math.log2(3)), 12);
    expect(metrics.truncatedNdcg([1, 11], 10)).toBe(1);
  });
});
