import { expect, test } from 'vitest';
import { paretoFrontier, type Offer } from '../../../src/shared/frontier.ts';

const offer = (cost: number, quality: number): Offer => ({ cost, quality });

test('keeps what nothing else beats at the price', () => {
  expect(paretoFrontier([offer(3, 0.9), offer(1, 0.5), offer(2, 0.4), offer(2, 0.7), offer(4, 0.9)])).toEqual([
    offer(1, 0.5),
    offer(2, 0.7),
    offer(3, 0.9),
  ]);
});

test('of equals takes the first; what is not finite takes no part', () => {
  const [first, second] = [
    { ...offer(1, 0.5), name: 'first' },
    { ...offer(1, 0.5), name: 'second' },
  ];
  expect(paretoFrontier([first, second])).toEqual([first]);
  expect(paretoFrontier([offer(NaN, 1), offer(1, NaN), offer(Infinity, 2)])).toEqual([]);
});

test('agrees with looking at every pair', () => {
  let state = 7;
  const random = (): number => (state = (state * 48271) % 2147483647) / 2147483647;
  for (let round = 0; round < 50; round++) {
    const offers = Array.from({ length: 30 }, () => offer(Math.round(20 * random()), Math.round(20 * random())));
    const beaten = (one: Offer): boolean =>
      offers.some(
        ({ cost, quality }) => cost <= one.cost && quality >= one.quality && (cost < one.cost || quality > one.quality),
      );
    const key = ({ cost, quality }: Offer): string => `${cost}/${quality}`;
    expect(new Set(paretoFrontier(offers).map(key))).toEqual(new Set(offers.filter((one) => !beaten(one)).map(key)));
  }
});
