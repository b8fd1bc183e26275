import { expect, test } from 'vitest';
import { z } from 'zod';
import { resolveConfiguration } from '../../../src/shared/configuration.ts';
import { contract } from '../../../src/shared/contract/contract.ts';
import { safeParse } from '../../../src/shared/safeParse.ts';

/** Nothing that a number can be compared with. */
const lengths = [
  { length: { toString: 1 } },
  { length: { valueOf: 1, toString: 'x' } },
  JSON.parse('{"length":{"toString":{},"valueOf":[]}}') as unknown,
];

test.each(lengths)('an object whose length cannot be compared (%j) is no text and no list', (value) => {
  for (const schema of [z.string().max(3), z.array(z.number()).min(1), z.string().min(1).nullable()]) {
    expect(safeParse(schema, value)).toMatchObject({ success: false, error: { issues: [{ path: [] }] } });
    expect(safeParse(z.object({ inside: schema }), { inside: value }).success).toBe(false);
  }
});

test('everything else is as Zod has it', () => {
  expect(safeParse(z.string().max(3), 'abc')).toEqual({ success: true, data: 'abc' });
  expect(safeParse(z.string().max(3), 'abcd').error!.issues).toEqual(z.string().max(3).safeParse('abcd').error!.issues);
});

test.each(lengths)('in a configuration (%j) it is refused in words', (name) => {
  expect(() => resolveConfiguration({ name })).toThrow(expect.objectContaining({ code: 'configuration' }));
});

test('methods of the contract refuse it, too', () => {
  const [name] = lengths;
  expect(
    safeParse<z.ZodType>(contract['experiments.check'].input, {
      name,
      dataset: 'sample',
      shared: {},
      recipes: [{}],
      seeds: [1],
    }).success,
  ).toBe(false);
});
