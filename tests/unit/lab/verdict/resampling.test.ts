import { describe, expect, test } from 'vitest';
import { randomStream } from '../../../../src/lab/base/random.ts';
import { comparePairs, resamplingDefaults } from '../../../../src/lab/verdict/resampling.ts';

const scores = (...lists: number[][]): Float64Array[] => lists.map((list) => Float64Array.from(list));
const many = { ...resamplingDefaults, resamples: 200_000 };

/** Every assignment of signs: the test that draws at random estimates this one. */
function exactProbability(differences: readonly number[]): number {
  const observed = Math.abs(sum(differences));
  let count = 0;
  for (let signs = 0; signs < 2 ** differences.length; signs++) {
    const drawn = differences.reduce(
      (total, difference, i) => total + (signs & (1 << i) ? -difference : difference),
      0,
    );
    if (Math.abs(drawn) >= observed - 1e-12) count++;
  }
  return count / 2 ** differences.length;
}

/** The mean of every one of the n^n samples with replacement, sorted. */
function exactBootstrap(differences: readonly number[]): number[] {
  const n = differences.length;
  const means = Array.from({ length: n ** n }, (_, sample) => {
    let [rest, total] = [sample, 0];
    for (let draw = 0; draw < n; draw++) {
      total += differences[rest % n]!;
      rest = Math.floor(rest / n);
    }
    return total / n;
  });
  return means.sort((a, b) => a - b);
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

describe('the randomisation test', () => {
  test.each([
    [
      [1, 0.5, 0.5, 0.25, 1, 0, 0.5, 1, 0.2, 0.5],
      [0.5, 0.5, 0.25, 0, 1, 0.5, 0, 0.5, 0.5, 0.1],
    ],
    [
      [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1],
      [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    ],
    [
      [0.2, 0.4, 0.6],
      [0.3, 0.3, 0.6],
    ],
  ])('agrees with every assignment of signs', (a, b) => {
    const [pair] = comparePairs(scores(a, b), many);
    expect(pair!.p).toBeCloseTo(exactProbability(a.map((value, i) => value - b[i]!)), 2);
  });

  test('is (count + 1) / (draws + 1): never 0, and 1 where nothing differs', () => {
    const different = comparePairs(scores(new Array(40).fill(1), new Array(40).fill(0)), {
      ...resamplingDefaults,
      resamples: 999,
    });
    expect(different[0]!.p).toBe(1 / 1000);
    const same = comparePairs(scores([0.5, 0.2, 1], [0.5, 0.2, 1]), { ...resamplingDefaults, resamples: 999 });
    expect(same[0]!.p).toBe(1);
  });

  test('gives false alarms at its level where there is no difference', () => {
    const random = randomStream(7, 'sample');
    const reciprocalRank = (): number => 1 / (1 + random.integer(10));
    const simulations = 2000;
    let alarms = 0;
    for (let i = 0; i < simulations; i++) {
      const list = (): number[] => Array.from({ length: 60 }, reciprocalRank);
      const [pair] = comparePairs(scores(list(), list()), { seed: i, resamples: 499, confidence: 0.95 });
      if (pair!.p < 0.05) alarms++;
    }
    expect(alarms / simulations).toBeGreaterThan(0.04);
    expect(alarms / simulations).toBeLessThan(0.06);
  });
});

describe('the bootstrap interval', () => {
  test('agrees with the percentiles of every possible sample', () => {
    const [a, b] = [
      [1, 0.5, 0.33, 0, 0.9, 0.25],
      [0.4, 0.6, 0.1, 0.2, 0.5, 0.25],
    ];
    const exact = exactBootstrap(a.map((value, i) => value - b[i]!));
    const [pair] = comparePairs(scores(a, b), many);
    expect(pair!.low).toBeCloseTo(exact[Math.floor(0.025 * exact.length)]!, 2);
    expect(pair!.high).toBeCloseTo(exact[Math.floor(0.975 * exact.length)]!, 2);
  });

  test('holds the true difference about as often as it says', () => {
    const random = randomStream(3, 'sample');
    let held = 0;
    for (let i = 0; i < 400; i++) {
      const b = Array.from({ length: 100 }, () => random.next());
      const a = b.map((value) => value + 0.1 + 0.3 * random.normal());
      const [pair] = comparePairs(scores(a, b), { seed: i, resamples: 400, confidence: 0.95 });
      if (pair!.low <= 0.1 && pair!.high >= 0.1) held++;
    }
    expect(held / 400).toBeGreaterThan(0.91);
    expect(held / 400).toBeLessThan(0.98);
  });
});

describe('pairs', () => {
  const random = randomStream(1, 'sample');
  const five = Array.from({ length: 5 }, () => Float64Array.from({ length: 37 }, () => random.next()));

  test('are every two, and the same alone as among others', () => {
    const all = comparePairs(five);
    expect(all.map(({ a, b }) => `${a}${b}`)).toEqual(['01', '02', '03', '04', '12', '13', '14', '23', '24', '34']);
    const [alone] = comparePairs([five[1]!, five[4]!]);
    const among = all.find(({ a, b }) => a === 1 && b === 4)!;
    expect(among).toEqual({
      ...alone,
      a: 1,
      b: 4,
      low: expect.closeTo(alone!.low, 12),
      high: expect.closeTo(alone!.high, 12),
    });
  });

  test('count wins, ties and losses', () => {
    const [pair] = comparePairs(scores([1, 0.5, 0.2, 0], [0.5, 0.5, 0.1, 0.3]));
    expect(pair).toMatchObject({ wins: 2, ties: 1, losses: 1, difference: expect.closeTo(0.075, 12) });
  });

  test('depend on the seed, and on nothing else', () => {
    expect(comparePairs(five, { ...resamplingDefaults, seed: 1 })).toEqual(
      comparePairs(five, { ...resamplingDefaults, seed: 1 }),
    );
    expect(comparePairs(five, { ...resamplingDefaults, seed: 1 })[0]!.low).not.toBe(
      comparePairs(five, { ...resamplingDefaults, seed: 2 })[0]!.low,
    );
  });

  test('are refused where values are missing or not finite', () => {
    expect(() => comparePairs(scores([1, 2], [1]))).toThrow('all must have values for the same questions');
    expect(() => comparePairs(scores([1, NaN], [1, 2]))).toThrow('A value is NaN');
    expect(() => comparePairs(scores([], []))).toThrow('No values');
  });
});
