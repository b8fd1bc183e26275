import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  evaluateRetrieval,
  measure,
  type JudgedCollection,
  type RetrievalMetric,
} from '../../../../src/lab/evaluation/retrieval.ts';
import { plainSimilarities } from '../../../../src/lab/evaluation/similarity.ts';
import { nextBelow, trecQrels, trecRun } from '../../../../src/lab/evaluation/trecFiles.ts';
import { randomStream } from '../../../../src/lab/base/random.ts';

/** A text stands for its embedding: its numbers, separated by spaces. */
const embed = (texts: readonly string[]): Promise<Float32Array> =>
  Promise.resolve(Float32Array.from(texts.flatMap((text) => text.split(' ').map(Number))));

function collectionOf(
  queries: Record<string, string>,
  documents: Record<string, string>,
  judgements: Record<string, Record<string, number>>,
): JudgedCollection {
  const texts = (all: Record<string, string>) => Object.entries(all).map(([id, text]) => ({ id, text }));
  return {
    queries: texts(queries),
    judgements: new Map(Object.entries(judgements).map(([query, grades]) => [query, new Map(Object.entries(grades))])),
    // eslint-disable-next-line @typescript-eslint/require-await -- documents come one by one from a file
    documents: async function* () {
      yield* texts(documents);
    },
  };
}

const evaluate = (collection: JudgedCollection, dimension = 2) =>
  evaluateRetrieval(collection, { embed, dimension, similarities: plainSimilarities });

/** The collection's own order of relevance, worked out by hand. */
const small = collectionOf(
  { q1: '1 0', q2: '0 1', unanswered: '1 1' },
  { a: '0.9 0.1', b: '0.5 0.5', c: '0.8 0.7', d: '0.1 0.9' },
  { q1: { a: 0, b: 3, c: 1 }, q2: { d: 2, gone: 1 }, unanswered: { a: 0 } },
);

describe('evaluateRetrieval', () => {
  test('ranks every document for every query that has a relevant one', async () => {
    const found = await evaluate(small);
    expect(found.queries.map(({ id, ranking }) => [id, ...ranking.map((document) => document.id)])).toEqual([
      ['q1', 'a', 'c', 'b', 'd'],
      ['q2', 'd', 'c', 'b', 'a'],
    ]);
    expect(found).toMatchObject({ documents: 4, withoutRelevant: 1 });
  });

  test('measures with grades, and with judged documents that are not there', async () => {
    const { queries, metrics } = await evaluate(small);
    // q1: c (grade 1) at 2, b (grade 3) at 3.
    const dcg = 1 / Math.log2(3) + 3 / Math.log2(4);
    const ideal = 3 / Math.log2(2) + 1 / Math.log2(3);
    expect(queries[0]!.values['ndcg@10']).toBeCloseTo(dcg / ideal, 12);
    expect(queries[0]!.values).toMatchObject({
      'mrr@10': 1 / 2,
      'map@100': (1 / 2 + 2 / 3) / 2,
      'recall@1': 0,
      'recall@5': 1,
      'accuracy@1': 0,
      'accuracy@3': 1,
    });
    // q2: d at 1; "gone" is relevant and cannot be found.
    expect(queries[1]!.values).toMatchObject({
      'mrr@10': 1,
      'recall@100': 1 / 2,
      'map@100': 1 / 2,
      'ndcg@10': 2 / (2 + 1 / Math.log2(3)),
    });
    expect(metrics['recall@100']).toBe(3 / 4);
  });

  test('gives the same for many documents in blocks as for all at once', async () => {
    const random = randomStream(5, 'answers');
    const point = () => [random.normal(), random.normal(), random.normal()].map((value) => value.toFixed(6)).join(' ');
    const documents = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`d${i}`, point()]));
    const queries = Object.fromEntries(Array.from({ length: 4 }, (_, i) => [`q${i}`, point()]));
    const collection = collectionOf(
      queries,
      documents,
      Object.fromEntries(Object.keys(queries).map((id) => [id, { d7: 1, d4999: 2 }])),
    );
    const { queries: found } = await evaluate(collection, 3);
    for (const { id, ranking } of found) {
      const query = queries[id]!.split(' ').map(Number);
      const similarity = (text: string) =>
        text.split(' ').reduce((sum, value, i) => sum + Number(value) * query[i]!, 0);
      const expected = Object.entries(documents)
        .map(([document, text]) => ({ document, value: similarity(text) }))
        .sort((a, b) => b.value - a.value);
      expect(ranking).toHaveLength(100);
      expect(ranking.map((document) => document.id)).toEqual(expected.slice(0, 100).map(({ document }) => document));
    }
  });

  test('refuses a collection in which nothing is relevant, and embeddings that are no numbers', async () => {
    await expect(evaluate(collectionOf({ q: '1 0' }, { a: '1 0' }, { q: { a: 0 } }))).rejects.toMatchObject({
      code: 'data',
      message: expect.stringContaining('None of the 1 judged queries') as string,
    });
    await expect(evaluate(collectionOf({ q: '1 0' }, { a: 'NaN 0' }, { q: { a: 1 } }))).rejects.toMatchObject({
      code: 'training',
      message: expect.stringContaining('NaN') as string,
    });
  });
});

/** NIST's own test run: 3 queries, 500 retrieved documents each, of which the measures here see the first 100. */
describe('measure, against the figures published with trec_eval', () => {
  const table = (file: string) =>
    readFileSync(new URL(`../../../fixtures/trec_eval/${file}`, import.meta.url), 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.split(/\s+/) as [string, string, string, string, string]);
  const names: Partial<Record<RetrievalMetric, string>> = {
    'ndcg@10': 'ndcg_cut_10',
    'map@100': 'map_cut_100',
    'recall@5': 'recall_5',
    'recall@10': 'recall_10',
    'recall@100': 'recall_100',
    'accuracy@1': 'success_1',
    'accuracy@5': 'success_5',
    'accuracy@10': 'success_10',
  };

  test.each(['301', '302', '303'])('query %s', (query) => {
    const grades = new Map(
      table('qrels.test')
        .filter(([id]) => id === query)
        .map(([, , document, grade]) => [document, Number(grade)]),
    );
    // trec_eval orders by similarity, and equal ones by descending id.
    const ranking = table('results.test')
      .filter(([id]) => id === query)
      .map(([, , id, , similarity]) => ({ id, similarity: Number(similarity) }))
      .sort((a, b) => b.similarity - a.similarity || (a.id < b.id ? 1 : -1));
    const values = measure(ranking.slice(0, 100), grades);
    for (const [metric, name] of Object.entries(names)) {
      const published = table('out.test.aq').find(([row, id]) => row === name && id === query)![2];
      expect(values[metric as RetrievalMetric].toFixed(4), name).toBe(published);
    }
  });
});

describe('files for trec_eval', () => {
  test('hold rankings and judgements of the queries that were evaluated', async () => {
    const found = await evaluate(small);
    const run = [...trecRun(found, 'my run')];
    expect(run.slice(0, 2)).toEqual([
      `q1 Q0 a 1 ${Math.fround(0.9)} my%20run\n`,
      `q1 Q0 c 2 ${Math.fround(0.8)} my%20run\n`,
    ]);
    expect(run).toHaveLength(8);
    expect([...trecQrels(found, small)]).toEqual([
      'q1 0 a 0\n',
      'q1 0 b 3\n',
      'q1 0 c 1\n',
      'q2 0 d 2\n',
      'q2 0 gone 1\n',
    ]);
  });

  test('keep the order of equal similarities: each is lower than the one before, as a 32-bit number', async () => {
    const found = await evaluate(
      collectionOf({ q: '1 0' }, { b: '0.5 1', a: '0.5 2', c: '0.5 3', d: '0 0', e: '0 1' }, { q: { a: 1 } }),
    );
    const lines = [...trecRun(found, 'run')].map((line) => line.split(' '));
    expect(lines.map(([, , id]) => id)).toEqual(['a', 'b', 'c', 'd', 'e']);
    const written = lines.map((fields) => Math.fround(Number(fields[4])));
    expect(written.every((value, i) => i === 0 || value < written[i - 1]!)).toBe(true);
    expect(written[2]!).toBeCloseTo(0.5, 6);
  });

  test.each([
    [1, 1 - 2 ** -24],
    [-1, -1 - 2 ** -23],
    [0, -(2 ** -149)],
    [2 ** -149, 0],
    [0.75, 0.75 - 2 ** -24],
  ])('nextBelow(%d) is %d', (value, below) => {
    expect(nextBelow(value)).toBe(below);
  });
});
