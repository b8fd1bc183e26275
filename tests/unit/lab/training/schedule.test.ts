import { describe, expect, test } from 'vitest';
import { learningRateAt } from '../../../../src/lab/training/schedule.ts';

const steps = 110;
const at = (schedule: 'constant' | 'linear' | 'cosine', step: number, warmup_steps = 10): number =>
  learningRateAt(step, steps, { learning_rate: 0.002, schedule, warmup_steps, warmup_ratio: 0 });

describe.each(['constant', 'linear', 'cosine'] as const)('%s', (schedule) => {
  test('rises linearly from zero in the warm-up, to the full rate in the step after it', () => {
    expect(at(schedule, 1)).toBe(0);
    expect(at(schedule, 2)).toBeCloseTo(0.0002, 12);
    expect(at(schedule, 6)).toBeCloseTo(0.001, 12);
    expect(at(schedule, 11)).toBe(0.002);
  });

  test('without warm-up begins at the full rate', () => {
    expect(at(schedule, 1, 0)).toBe(0.002);
  });

  test('is never negative, nor above the full rate, and falls in no step by more than a fiftieth', () => {
    const rates = Array.from({ length: steps }, (_, i) => at(schedule, i + 1));
    for (const [i, rate] of rates.entries()) {
      expect(rate).toBeGreaterThanOrEqual(0);
      expect(rate).toBeLessThanOrEqual(0.002);
      expect((rates[i - 1] ?? 0) - rate).toBeLessThan(0.002 / 50);
    }
  });
});

// After the warm-up of 10 steps there are 100 to the end: step 61 is half of the way, step 110 the last.
test.each([
  ['constant', 36, 1],
  ['constant', 61, 1],
  ['constant', 110, 1],
  ['linear', 36, 0.75],
  ['linear', 61, 0.5],
  ['linear', 110, 0.01],
  ['linear', 111, 0],
  ['cosine', 36, (1 + Math.SQRT1_2) / 2],
  ['cosine', 61, 0.5],
  ['cosine', 110, Math.sin(Math.PI / 200) ** 2],
  ['cosine', 111, 0],
  ['cosine', 130, 0],
] as const)('%s in step %d is %d of the full rate', (schedule, step, share) => {
  expect(at(schedule, step)).toBeCloseTo(0.002 * share, 12);
});

test('a warm-up longer than the run still rises', () => {
  expect(learningRateAt(5, 5, { learning_rate: 1, schedule: 'cosine', warmup_steps: 8, warmup_ratio: 0 })).toBe(0.5);
});

describe('a warm-up that is a share of the steps', () => {
  const ratio = (step: number, warmup_ratio: number, total = steps): number =>
    learningRateAt(step, total, { learning_rate: 1, schedule: 'constant', warmup_steps: 0, warmup_ratio });

  test('rises over that share, rounded up', () => {
    expect([1, 6, 12].map((step) => ratio(step, 0.1))).toEqual([0, 5 / 11, 1]);
    expect([1, 2, 3].map((step) => ratio(step, 0.15, 10))).toEqual([0, 0.5, 1]);
  });

  test('of nothing leaves it to the number of steps', () => {
    expect(ratio(1, 0)).toBe(1);
    expect(learningRateAt(2, steps, { learning_rate: 1, schedule: 'constant', warmup_steps: 4, warmup_ratio: 0 })).toBe(
      0.25,
    );
  });

  test('falls from there to zero at the end', () => {
    const linear = (step: number): number =>
      learningRateAt(step, 100, { learning_rate: 1, schedule: 'linear', warmup_steps: 0, warmup_ratio: 0.2 });
    expect([21, 61, 101].map(linear)).toEqual([1, 0.5, 0]);
  });
});
