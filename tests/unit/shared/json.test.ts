import { expect, test } from 'vitest';
import { jsonFault } from '../../../src/shared/json.ts';

const nested = (depth: number, [open, close] = ['[', ']']): unknown =>
  JSON.parse(`${open.repeat(depth)}1${close.repeat(depth)}`);

test.each(['1', 'null', '"x"', '[]', '{"a":[1,{"b":-0.5}]}', '{"__proto__":{"x":1}}', '1e308'])(
  '%s can be worked with',
  (json) => {
    expect(jsonFault(JSON.parse(json))).toBeNull();
  },
);

test.each(['1e999', '[-1e999]', '{"a":[{"b":1e400}]}', '{"__proto__":[1e999]}'])(
  '%s holds a number that is infinite',
  (json) => {
    expect(jsonFault(JSON.parse(json))).toMatch(/number that is too large/);
  },
);

test('a hundred levels are enough, whatever they are', () => {
  expect(jsonFault(nested(100))).toBeNull();
  expect(jsonFault(nested(101))).toBe('is nested deeper than 100 levels');
  expect(jsonFault(nested(101, ['{"a":', '}']))).toBe('is nested deeper than 100 levels');
  expect(jsonFault(nested(200_000))).toBe('is nested deeper than 100 levels');
});
