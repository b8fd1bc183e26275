import { expect, test } from 'vitest';
import { BoundedCache } from '../../../../src/lab/inspector/boundedCache.ts';

test('what was not used for longest goes first, as soon as there is too much', () => {
  const gone: string[] = [];
  const cache = new BoundedCache<string>(100, (value) => gone.push(value));
  cache.add('a', 'A', 40);
  cache.add('b', 'B', 40);
  expect(cache.get('a')).toBe('A');
  cache.add('c', 'C', 40);
  expect(gone).toEqual(['B']);
  expect([cache.get('a'), cache.get('b'), cache.get('c')]).toEqual(['A', undefined, 'C']);
});

test('the newest stays, however large; replacing counts once', () => {
  const gone: string[] = [];
  const cache = new BoundedCache<string>(100, (value) => gone.push(value));
  cache.add('a', 'A', 40);
  cache.add('large', 'L', 1000);
  expect(gone).toEqual(['A']);
  cache.add('large', 'M', 60);
  cache.add('b', 'B', 40);
  expect(gone).toEqual(['A', 'L']);
  expect(cache.get('large')).toBe('M');
  cache.clear();
  expect(gone.sort()).toEqual(['A', 'B', 'L', 'M']);
});
