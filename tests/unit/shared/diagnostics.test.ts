import { expect, test } from 'vitest';
import { marginBin, marginBins, shareAhead } from '../../../src/shared/diagnostics.ts';

test.each([
  [-2, 0],
  [-1.951, 0],
  [-1.95, 0],
  [-1.949, 1],
  [-0.001, 39],
  [0, 39],
  [1e-6, 40],
  [0.05, 40],
  [0.1, 41],
  [0.100001, 42],
  [2, 79],
])('a margin of %d is in bin %i', (margin, bin) => {
  expect(marginBin(margin)).toBe(bin);
});

test('bins lie next to each other from −2 to 2', () => {
  expect(marginBins.from + marginBins.count * marginBins.width).toBeCloseTo(2, 12);
  for (let bin = 0; bin < marginBins.count; bin++)
    expect(marginBin(marginBins.from + (bin + 0.5) * marginBins.width)).toBe(bin);
});

test('ahead is what has a margin above 0: a tie is not', () => {
  const counts = new Array<number>(marginBins.count).fill(0);
  for (const margin of [-0.3, 0, 0.01, 0.7]) counts[marginBin(margin)]!++;
  expect(shareAhead(counts)).toBe(0.5);
  expect(shareAhead([])).toBeNull();
});
