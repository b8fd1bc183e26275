import { expect, test } from 'vitest';
import { TransferRate } from '../../../../src/lab/net/rate.ts';

function setUp() {
  let seconds = 100;
  const rate = new TransferRate(() => seconds);
  return {
    rate,
    at: (time: number, done: number) => ((seconds = 100 + time), rate.note(done)),
    wait: (time: number) => (seconds += time),
  };
}

test('an average over the last seconds, and the time that is left', () => {
  const { rate, at } = setUp();
  expect(rate.bytesPerSecond).toBeNull();
  at(0, 0);
  expect(rate.bytesPerSecond).toBeNull();
  at(1, 1000);
  expect(rate.bytesPerSecond).toBe(1000);
  expect(rate.secondsLeft(5000)).toBe(4);
  expect(rate.secondsLeft(null)).toBeNull();
  for (let time = 2; time <= 30; time++) at(time, 1000 + (time - 1) * 100);
  expect(rate.bytesPerSecond).toBeCloseTo(100);
});

test('a download that goes on begins where it stopped, and a new stage from nothing', () => {
  const { rate, at } = setUp();
  at(0, 1_000_000);
  at(1, 1_000_500);
  expect(rate.bytesPerSecond).toBe(500);
  at(2, 10);
  expect(rate.bytesPerSecond).toBeNull();
  at(3, 30);
  expect(rate.bytesPerSecond).toBe(20);
});

test('silence slows it down at once', () => {
  const { rate, at, wait } = setUp();
  at(0, 0);
  at(1, 1000);
  wait(9);
  expect(rate.bytesPerSecond).toBe(100);
});
