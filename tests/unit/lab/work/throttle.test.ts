import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Paced, throttled } from '../../../../src/lab/work/throttle.ts';
import type { Progress } from '../../../../src/shared/progress.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('progress passes ten times a second, and always when the message is new or its work is done', () => {
  const seen: Progress[] = [];
  const report = throttled((progress) => seen.push(progress));
  for (let done = 1; done <= 10; done++) {
    report({ message: 'Reading', done, total: 10 });
    vi.advanceTimersByTime(40);
  }
  report({ message: 'Writing', done: 0, total: 10 });
  expect(seen.map(({ message, done }) => `${message} ${done}`)).toEqual([
    'Reading 1',
    'Reading 4',
    'Reading 7',
    'Reading 10',
    'Writing 0',
  ]);
});

test('a paced action is done at once after a pause, then once an interval, and never without being wanted', () => {
  const action = vi.fn();
  const paced = new Paced(100, action);
  paced.soon();
  paced.soon();
  vi.advanceTimersByTime(0);
  expect(action).toHaveBeenCalledTimes(1);
  paced.soon();
  vi.advanceTimersByTime(99);
  expect(action).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(1);
  expect(action).toHaveBeenCalledTimes(2);
  paced.soon();
  paced.now();
  vi.advanceTimersByTime(1000);
  expect(action).toHaveBeenCalledTimes(3);
  paced.soon();
  paced.stop();
  vi.advanceTimersByTime(1000);
  expect(action).toHaveBeenCalledTimes(3);
});
