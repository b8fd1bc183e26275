import { describe, expect, test } from 'vitest';
import { randomStream } from '../../../../src/lab/base/random.ts';
import { judge, type ObservedContestant, type Observation } from '../../../../src/lab/verdict/judge.ts';
import type { Verdict } from '../../../../src/shared/verdict.ts';

const ids = (count: number): string[] => Array.from({ length: count }, (_, i) => `q${i}`);

function observation(seed: number, values: readonly number[], questions = ids(values.length)): Observation {
  return { seed, questions, values: Float32Array.from(values) };
}

function contestant(
  name: string,
  observations: readonly Observation[],
  kind: ObservedContestant['kind'] = 'recipe',
): ObservedContestant {
  return { kind, name, runs: kind === 'recipe' ? observations.map(({ seed }) => `${name}-${seed}`) : [], observations };
}

const verdictOf = (...contestants: ObservedContestant[]): Promise<Verdict> =>
  judge(contestants, 'mrr@10', { at: 'last' }, { warnings: [], notes: [] });

/** Values around a mean, the same noise for the same seed: paired as retrieval results are. */
function noisy(mean: number, seed: number, count = 200): number[] {
  const random = randomStream(seed, 'sample');
  return Array.from({ length: count }, () => Math.min(1, Math.max(0, mean + 0.4 * (random.next() - 0.5))));
}

describe('questions and seeds', () => {
  test('values of a question are averaged over the seeds that all have', async () => {
    const { contestants, questions, seeds } = await verdictOf(
      contestant('A', [observation(1, [1, 0]), observation(2, [0, 0]), observation(3, [1, 1])]),
      contestant('B', [observation(2, [0.5, 0.5]), observation(1, [0.25, 0])]),
    );
    expect({ questions, seeds }).toEqual({ questions: 2, seeds: [1, 2] });
    expect(contestants.map(({ name, mean }) => [name, mean])).toEqual([
      ['B', 0.3125],
      ['A', 0.25],
    ]);
    expect(contestants[1]!.bySeed).toEqual([
      { seed: 1, value: 0.5 },
      { seed: 2, value: 0 },
    ]);
    expect(contestants[1]!.deviation).toBeCloseTo(Math.SQRT1_2 / 2, 12);
  });

  test('questions that one of them was not tested on, or has no value for, do not count', async () => {
    const { questions, contestants } = await verdictOf(
      contestant('A', [observation(1, [1, 1, NaN, 0], ['a', 'b', 'c', 'd'])]),
      contestant('B', [observation(1, [0, 0, 0, 0], ['d', 'c', 'b', 'x'])]),
    );
    expect(questions).toBe(2);
    expect(contestants[0]).toMatchObject({ name: 'A', mean: 0.5 });
  });

  test('with no seed in common each keeps its own', async () => {
    const { seeds, contestants } = await verdictOf(
      contestant('A', [observation(1, [1, 0]), observation(2, [1, 1])]),
      contestant('B', [observation(3, [0, 0])]),
    );
    expect(seeds).toEqual([]);
    expect(contestants[0]).toMatchObject({ name: 'A', mean: 0.75 });
  });

  test('no question in common, or nothing to compare with, is an error', async () => {
    await expect(
      verdictOf(contestant('A', [observation(1, [1], ['a'])]), contestant('B', [observation(1, [1], ['b'])])),
    ).rejects.toThrow('A, B have no common test question.');
    await expect(verdictOf(contestant('A', [observation(1, [1])]))).rejects.toThrow(
      'A verdict compares at least two contestants; found one, A.',
    );
  });

  test('differences are shown for each seed', async () => {
    const { pairs } = await verdictOf(
      contestant('A', [observation(1, [1, 1]), observation(2, [0, 1])]),
      contestant('B', [observation(1, [0, 1]), observation(2, [0, 0])]),
    );
    expect(pairs[0]!.bySeed).toEqual([
      { seed: 1, difference: 0.5 },
      { seed: 2, difference: 0.5 },
    ]);
  });
});

describe('the sentences', () => {
  const recipe = (name: string, mean: number, noise = 1): ObservedContestant =>
    contestant(name, [observation(42, noisy(mean, noise))]);
  const untrained = contestant('untrained', [observation(42, noisy(0.4, 1))], 'untrained');

  test('one recipe beats another', async () => {
    const { sentences } = await verdictOf(recipe('InfoNCE', 0.5), recipe('Triplet', 0.45), untrained);
    expect(sentences[0]).toMatch(
      /^InfoNCE beats Triplet by 0\.050 MRR@10 \(95 % interval 0\.0\d\d to 0\.0\d\d; 1 seed; 200 questions\)\.$/,
    );
    expect(sentences[1]).toMatch(
      /^InfoNCE beats the untrained encoder by 0\.1\d\d MRR@10 \(95 % interval 0\.\d+ to 0\.\d+\)\.$/,
    );
  });

  test('one beats all others, and BM25 beats it', async () => {
    const bm25 = contestant('BM25', [observation(42, noisy(0.7, 1))], 'bm25');
    const { sentences } = await verdictOf(recipe('A', 0.55), recipe('B', 0.5), recipe('C', 0.45), untrained, bm25);
    expect(sentences[0]).toMatch(/^A beats every other loss; the next, B, by 0\.050/);
    expect(sentences.at(-1)).toMatch(/^BM25, which is not trained, beats A by 0\.1/);
  });

  test('no detectable difference', async () => {
    const { sentences } = await verdictOf(recipe('A', 0.5, 2), recipe('B', 0.5, 3), untrained);
    expect(sentences[0]).toMatch(/^No detectable difference between [AB] and [AB]: [AB] leads [AB] by 0\.0\d\d/);
  });

  test('some lead together, others are beaten, one is worse than no training', async () => {
    const { sentences } = await verdictOf(
      recipe('A', 0.6, 2),
      recipe('B', 0.6, 3),
      recipe('C', 0.5),
      recipe('D', 0.3),
      untrained,
    );
    expect(sentences[0]).toMatch(/^No detectable difference between [AB] and [AB]: /);
    expect(sentences[1]).toMatch(/^[AB] beats the other 2; the next of them, C, by /);
    expect(sentences).toContain('Worse than the untrained encoder: D.');
  });

  test('every loss is worse than the untrained encoder', async () => {
    const { sentences } = await verdictOf(recipe('A', 0.3), recipe('B', 0.25), untrained);
    expect(sentences[0]).toMatch(/^Every loss is worse than the untrained encoder: the best, A, loses 0\.\d+ MRR@10 /);
  });

  test('no loss is detectably better than the untrained encoder', async () => {
    const barely = noisy(0.4, 1).map((value, i) => (i === 0 ? value + 0.01 : value));
    const { sentences } = await verdictOf(contestant('A', [observation(42, barely)]), untrained);
    expect(sentences).toEqual([
      expect.stringMatching(
        /^No loss is detectably better than the untrained encoder: the best, A, gains 0\.000 MRR@10/,
      ),
    ]);
  });
});
