import { describe, expect, test } from 'vitest';
import { planEpoch, planHash, stepsPerEpoch } from '../../../../src/lab/batching/plan.ts';

const ids = Array.from({ length: 50 }, (_, i) => `q${i}`);

describe('planEpoch', () => {
  test.each([[50, 8], [48, 8], [49, 8], [7, 8], [9, 8], [2, 2], [3, 2], [1, 4], [0, 4]])('%i questions in batches of %i: every question once, as many batches as announced', (questions, batchSize) => {
    const plan = planEpoch(questions, batchSize, 42, 0);
    expect(plan.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: questions }, (_, i) => i));
    expect(plan).toHaveLength(stepsPerEpoch(questions, batchSize));
  });

  test('a single question left over joins the batch before it', () => {
    expect(planEpoch(49, 8, 42, 0).map(({ length }) => length)).toEqual([8, 8, 8, 8, 8, 9]);
    expect(planEpoch(50, 8, 42, 0).map(({ length }) => length)).toEqual([8, 8, 8, 8, 8, 8, 2]);
  });

  test('each epoch and each seed has an order of its own, the same every time', () => {
    expect(planEpoch(50, 8, 42, 1)).toEqual(planEpoch(50, 8, 42, 1));
    expect(planEpoch(50, 8, 42, 1)).not.toEqual(planEpoch(50, 8, 42, 0));
    expect(planEpoch(50, 8, 43, 1)).not.toEqual(planEpoch(50, 8, 42, 1));
  });
});

describe('planHash', () => {
  const hash = planHash(ids, 8, 3, 42);

  test('is a SHA-256 that is the same every time', () => {
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(planHash(ids, 8, 3, 42)).toBe(hash);
  });

  test('differs with seed, batch size, epochs and questions', () => {
    const others = [planHash(ids, 8, 3, 43), planHash(ids, 10, 3, 42), planHash(ids, 8, 2, 42), planHash(ids.slice(1), 8, 3, 42)];
    expect(new Set([hash, ...others]).size).toBe(5);
  });
});
