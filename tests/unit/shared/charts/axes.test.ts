import { expect, test } from 'vitest';
import {
  evaluationsOnAxis,
  lastAtOrBefore,
  nearest,
  stepsOnAxis,
  type Axis,
} from '../../../../src/shared/charts/axes.ts';

const run = {
  steps: [1, 2, 3, 4],
  columns: { documents: [16, 30, 46, 62], training_seconds: [0.5, 1, 1.6, 2] },
  stepsPerEpoch: 2,
};
const evaluation = (step: number, seconds: number, documents: number) => ({
  step,
  compute: { seconds, documents, tokens: NaN },
});
const evaluations = [evaluation(0, NaN, NaN), evaluation(2, 1, 30), evaluation(4, 2, 62)];

test('steps as steps, epochs, examples and seconds', () => {
  expect([...Array.from(stepsOnAxis('step', run))]).toEqual([1, 2, 3, 4]);
  expect([...Array.from(stepsOnAxis('epoch', run))]).toEqual([0.5, 1, 1.5, 2]);
  expect([...Array.from(stepsOnAxis('examples', run))]).toEqual([16, 30, 46, 62]);
  expect([...Array.from(stepsOnAxis('seconds', run))]).toEqual([0.5, 1, 1.6, 2]);
});

test('evaluations likewise, the untrained encoder at zero', () => {
  const at = (axis: Axis) => [...evaluationsOnAxis(axis, evaluations, run.stepsPerEpoch)];
  expect(at('step')).toEqual([0, 2, 4]);
  expect(at('epoch')).toEqual([0, 1, 2]);
  expect(at('examples')).toEqual([0, 30, 62]);
  expect(at('seconds')).toEqual([0, 1, 2]);
});

test('what is not known is no number', () => {
  const bare = { steps: [1], columns: {}, stepsPerEpoch: null };
  expect([...Array.from(stepsOnAxis('epoch', bare))]).toEqual([NaN]);
  expect([...Array.from(stepsOnAxis('examples', bare))]).toEqual([NaN]);
  expect([...evaluationsOnAxis('epoch', [evaluation(0, 0, 0), evaluation(1, 1, 16)], null)]).toEqual([0, NaN]);
});

test('finding places', () => {
  expect([0, 1, 2.9, 9].map((limit) => lastAtOrBefore([1, 2, 3], limit))).toEqual([-1, 0, 1, 2]);
  expect([0, 1.4, 1.6, 9].map((target) => nearest([1, 2, 3], target))).toEqual([0, 0, 1, 2]);
  expect(nearest([], 1)).toBe(-1);
});
