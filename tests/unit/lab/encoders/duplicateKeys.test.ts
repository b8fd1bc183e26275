import { expect, test } from 'vitest';
import { duplicateKey } from '../../../../src/lab/encoders/duplicateKeys.ts';
import { randomStream, type Random } from '../../../../src/lab/base/random.ts';

test.each<[string, string | null]>([
  ['{}', null],
  ['[1, "a", "a", {"a": "a"}, {"a": "a"}]', null],
  ['{"a": 1, "b": {"a": 2}, "c": [{"a": 3}]}', null],
  ['{"a": "a", "b": "a: ", "c": "\\"a\\": 1"}', null],
  ['{"a\\": 1, \\"a": 1, "b": "\\\\"}', null],
  ['{"a": 1, "a": 1}', 'a'],
  ['{"a":1,"\\u0061" \n\t: 1}', 'a'],
  ['{"x": [0, {"y": {"z": 1, "z": []}}], "x y": 1}', 'z'],
  ['{"x": {"a": 1}, "x": {}}', 'x'],
  ['{"__proto__": 1, "__proto__": 2}', '__proto__'],
  ['{"\\\\": 1, "\\\\": 2}', '\\'],
])('%s', (json, expected) => {
  expect(duplicateKey(json)).toBe(expected);
});

const pieces = ['a', 'b', '"', '\\', ':', '{', '}', ',', ' ', '\u2028', '"a":', '\\"', '💡'];
const text = (random: Random): string =>
  Array.from({ length: Math.floor(random.next() * 4) }, () => pieces[Math.floor(random.next() * pieces.length)]!).join(
    '',
  );

/** A JSON text, and whether a key is twice in one of its objects, known from how it was made. */
function randomJson(random: Random, depth: number): { json: string; twice: boolean } {
  const kind = depth === 0 ? 0 : Math.floor(random.next() * 3);
  if (kind === 0) return { json: JSON.stringify(text(random)), twice: false };
  const parts = Array.from({ length: Math.floor(random.next() * 4) }, () => randomJson(random, depth - 1));
  const twice = parts.some((part) => part.twice);
  if (kind === 1) return { json: `[${parts.map(({ json }) => json).join(', ')}]`, twice };
  const keys = parts.map(() => text(random));
  return {
    json: `{${parts.map(({ json }, i) => `${JSON.stringify(keys[i])}: ${json}`).join(', ')}}`,
    twice: twice || new Set(keys).size < keys.length,
  };
}

test('of any JSON, whatever its texts hold', () => {
  const random = randomStream(1, 'answers');
  const found = Array.from({ length: 3000 }, () => randomJson(random, 3));
  for (const { json, twice } of found) expect(duplicateKey(json) !== null, json).toBe(twice);
  expect(found.filter(({ twice }) => twice).length).toBeGreaterThan(100);
});
