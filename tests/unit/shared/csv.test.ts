import { expect, test } from 'vitest';
import { toCsv } from '../../../src/shared/csv.ts';

test('cells with commas, quotes and line breaks are quoted; lines end in CR LF', () => {
  expect(
    toCsv([
      ['a', 'b'],
      ['1,5', 'say "so"'],
      ['two\nlines', ''],
    ]),
  ).toBe('a,b\r\n"1,5","say ""so"""\r\n"two\nlines",\r\n');
});

test.each(['=1+1', '+cmd', '-2', '@sum', '\tx', '\rx'])(
  'text that a spreadsheet would run is kept text: %j',
  (text) => {
    expect(toCsv([[text]]).replaceAll('"', '')).toBe(`'${text}\r\n`);
  },
);

test('numbers are left alone, negative ones and those that are none too', () => {
  expect(toCsv([[-0.5, 0.1, NaN, Infinity, null]])).toBe('-0.5,0.1,NaN,Infinity,\r\n');
});
