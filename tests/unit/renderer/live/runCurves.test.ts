import { expect, test } from 'vitest';
import { GrowingColumn } from '../../../../src/renderer/features/live/growingColumn.ts';
import { RunCurves } from '../../../../src/renderer/features/live/runCurves.ts';
import { series } from './helpers.ts';

test('a column grows past its first room and keeps its values', () => {
  const column = new GrowingColumn();
  for (let i = 0; i < 1_000; i++) column.append([i, -i]);
  expect(column.length).toBe(2_000);
  expect([...column.view().slice(-4)]).toEqual([998, -998, 999, -999]);
});

test('growing step by step copies each value a few times at most', () => {
  const column = new GrowingColumn();
  const rooms = new Set<ArrayBufferLike>();
  for (let i = 0; i < 100_000; i++) {
    column.append([i]);
    rooms.add(column.view().buffer);
  }
  expect(rooms.size).toBeLessThan(12);
});

test('steps follow each other', () => {
  const curves = new RunCurves();
  curves.append(series('a', [1, 2], { loss: [5, 4] }));
  curves.append(series('a', [3], { loss: [3] }));
  expect([...curves.steps]).toEqual([1, 2, 3]);
  expect([...curves.column('loss')]).toEqual([5, 4, 3]);
});

test('a run that goes back to a checkpoint replaces what it had from there on', () => {
  const curves = new RunCurves();
  curves.append(series('a', [1, 2, 3, 4], { loss: [5, 4, 3, 2] }));
  curves.append(series('a', [3], { loss: [9] }));
  expect([...curves.steps]).toEqual([1, 2, 3]);
  expect([...curves.column('loss')]).toEqual([5, 4, 9]);
});

test('a column that comes late or stays away has gaps', () => {
  const curves = new RunCurves();
  curves.append(series('a', [1, 2], { loss: [5, 4], acc: [0, 1] }));
  curves.append(series('a', [3], { loss: [3], ndcg: [0.5] }));
  expect([...curves.column('acc')]).toEqual([0, 1, NaN]);
  expect([...curves.column('ndcg')]).toEqual([NaN, NaN, 0.5]);
  expect([...curves.column('nothing')]).toEqual([]);
});

test('a loss that is no number any more is noticed, with the step since when', () => {
  const curves = new RunCurves();
  expect(curves.brokenSince).toBeNull();
  curves.append(series('a', [1, 2, 3], { loss: [5, NaN, 4] }));
  expect(curves.brokenSince).toBeNull();
  curves.append(series('a', [4, 5], { loss: [Infinity, NaN] }));
  expect(curves.brokenSince).toBe(4);
});
