import { expect, test } from 'vitest';
import { askedToWait, Interruption, patience, withRetries } from '../../../../src/lab/net/retry.ts';
import { labError } from '../../../helpers/dataFiles.ts';

const now = Date.parse('2026-01-01T00:00:00Z');

test.each([
  [{ 'retry-after': '7' }, 7000],
  [{ 'retry-after': 'Thu, 01 Jan 2026 00:01:00 GMT' }, 60_000],
  [{ 'retry-after': 'Wed, 31 Dec 2025 00:00:00 GMT' }, 0],
  [{ 'retry-after': 'soon' }, null],
  [{ ratelimit: '"api";r=0;t=55' }, 55_000],
  [{ 'retry-after': '7', ratelimit: '"api";r=0;t=55' }, 7000],
  [{ ratelimit: '"api";r=3' }, null],
  [{}, null],
])('%o asks to wait %o ms', (headers, milliseconds) => {
  expect(askedToWait(new Headers(headers as Record<string, string>), now)).toBe(milliseconds);
});

const quick = { ...patience, retries: 2, firstWait: 1, longestWait: 2 };

test('attempts that get further are not counted', async () => {
  let attempts = 0;
  const result = await withRetries(
    () =>
      ++attempts < 20 ? Promise.reject(new Interruption('a cut', { progressed: true })) : Promise.resolve('there'),
    'It',
    { patience: quick },
  );
  expect([result, attempts]).toEqual(['there', 20]);
});

test('attempts that do not are, and the last reason is told', async () => {
  let attempts = 0;
  const error = await labError(
    () => withRetries(() => Promise.reject(new Interruption(`cut ${++attempts}`)), 'It', { patience: quick }),
    'download',
  );
  expect(error.message).toBe('It: cut 3.');
  expect(error.fix).toBe('Start the download again: it continues from the part that has arrived.');
});

test('anything else ends it at once, as it is', async () => {
  let attempts = 0;
  const reason = new TypeError('a defect');
  const attempt = (): Promise<never> => {
    attempts++;
    return Promise.reject(reason);
  };
  await expect(withRetries(attempt, 'It', { patience: quick })).rejects.toBe(reason);
  expect(attempts).toBe(1);
});
