import { describe, expect, test } from 'vitest';
import { askedToWait } from '../../../../src/lab/downloads/retry.ts';

const now = Date.UTC(2026, 10, 23, 12);
const asked = (headers: Record<string, string>): number | null => askedToWait(new Headers(headers), now);

describe('how long a server asks to be left alone', () => {
  test.each<[string, Record<string, string>, number | null]>([
    ['seconds', { 'retry-after': '7' }, 7000],
    ['a date', { 'retry-after': 'Mon, 23 Nov 2026 12:01:00 GMT' }, 60_000],
    ['a date that has passed', { 'retry-after': 'Mon, 23 Nov 2026 11:00:00 GMT' }, 0],
    ['the form of the Hub', { ratelimit: '"api";r=0;t=55' }, 55_000],
    ['both', { 'retry-after': '3', ratelimit: '"api";r=0;t=55' }, 3000],
    ['nothing', {}, null],
    ['words', { 'retry-after': 'soon' }, null],
    ['a negative number of seconds', { 'retry-after': '-5' }, null],
    ['more digits than there is time', { 'retry-after': '9'.repeat(400), ratelimit: `"api";t=${'9'.repeat(400)}` }, null],
  ])('%s', (_, headers, milliseconds) => {
    expect(asked(headers)).toBe(milliseconds);
  });
});
