import { describe, expect, test } from 'vitest';
import {
  formatAmount,
  formatBytes,
  formatCount,
  formatDecimal,
  formatDelta,
  formatDuration,
  formatFigure,
  formatMeanCount,
  formatMeasured,
  formatMemory,
  formatProbability,
  formatShare,
  formatSignificant,
  formatWhen,
} from '../../../src/shared/format.ts';

describe('figures', () => {
  test.each([
    [0.123456, '0.1235'],
    [-0.5, '−0.5000'],
    [0, '0.0000'],
    [0.00001, '1.00e−5'],
    [-0.00001, '−1.00e−5'],
    [123456789, '1.23e8'],
    [Number.NaN, 'NaN'],
    [Number.POSITIVE_INFINITY, '∞'],
    [Number.NEGATIVE_INFINITY, '−∞'],
    [null, '–'],
  ])('%s is %s', (value, text) => expect(formatFigure(value)).toBe(text));

  test.each([
    [0.0123, '+0.0123'],
    [-0.0123, '−0.0123'],
    [0.000001, '±0.0000'],
    [-0.000001, '±0.0000'],
    [Number.NaN, 'NaN'],
    [null, '–'],
  ])('a difference of %s is %s', (value, text) => expect(formatDelta(value)).toBe(text));

  test('digits are a choice', () => {
    expect(formatFigure(1.23456, 2)).toBe('1.23');
    expect(formatDelta(1.23456, 1)).toBe('+1.2');
    expect(formatShare(0.1234)).toBe('12.3 %');
    expect(formatDecimal(-0.00004, 3)).toBe('0.000');
    expect(formatSignificant(-0.0012345)).toBe('−0.00123');
    expect(formatMeasured(-1234.5678901)).toBe('−1234.57');
    expect(formatProbability(0.0004)).toBe('<0.001');
  });
});

// Powers of two for memory only: disks and downloads are sold by the thousand.
test.each([
  [0, '0 B', '0 B'],
  [999, '999 B', '999 B'],
  [1024, '1.00 KiB', '1.02 kB'],
  [10 * 1024, '10.0 KiB', '10.2 kB'],
  [1023.9 * 1024, '1.00 MiB', '1.05 MB'],
  [150 * 2 ** 20, '150 MiB', '157 MB'],
  [3.5 * 2 ** 30, '3.50 GiB', '3.76 GB'],
  [5000 * 2 ** 40, '5,000 TiB', '5,498 TB'],
  [null, '–', '–'],
])('%s bytes are %s of memory, %s of a file', (bytes, memory, file) => {
  expect([formatMemory(bytes), formatBytes(bytes)]).toEqual([memory, file]);
});

test.each([
  [0, '0.0'],
  [3.27, '3.3'],
  [58.4, '58'],
  [1234.5, '1,235'],
  [null, '–'],
])('a mean of counts, %s, is %s', (value, text) => expect(formatMeanCount(value)).toBe(text));

test.each([
  [0, '0 s'],
  [0.85, '850 ms'],
  [0.9999, '1.0 s'],
  [9.94, '9.9 s'],
  [9.96, '10 s'],
  [59.6, '1 min'],
  [200, '3 min 20 s'],
  [3599.9, '1 h'],
  [7500, '2 h 5 min'],
  [7199, '2 h'],
  [86_399, '1 d'],
  [273_600, '3 d 4 h'],
  [Number.POSITIVE_INFINITY, '–'],
  [null, '–'],
])('%s seconds are %s', (seconds, text) => expect(formatDuration(seconds)).toBe(text));

test('counts have separators, amounts their noun', () => {
  expect(formatCount(1234567)).toBe('1,234,567');
  expect(formatCount(null)).toBe('–');
  expect(formatAmount(1, 'run')).toBe('1 run');
  expect(formatAmount(1200, 'run')).toBe('1,200 runs');
  expect(formatAmount(2, 'query', 'queries')).toBe('2 queries');
});

test.each([
  [10, 'just now'],
  [5 * 60, '5 minutes ago'],
  [44 * 60, '44 minutes ago'],
  [60 * 60, '1 hour ago'],
  [26 * 3600, 'yesterday'],
  [6 * 86_400, '6 days ago'],
  [30 * 86_400, '2 Apr 2026'],
])('%s seconds ago is %s', (seconds, text) => {
  const now = Date.parse('2026-05-02T12:00:00Z');
  expect(formatWhen(new Date(now - seconds * 1000).toISOString(), now)).toBe(text);
});
