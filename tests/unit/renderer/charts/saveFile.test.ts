import { expect, test } from 'vitest';
import { fileName } from '../../../../src/renderer/charts/saveFile.ts';

test('file names keep what every system takes', () => {
  expect(fileName('MRR@10: a/b', 'png')).toBe('MRR@10- a-b.png');
  expect(fileName('../..', 'csv')).toBe('-.csv');
  expect(fileName('', 'csv')).toBe('losslab.csv');
});
