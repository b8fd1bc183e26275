import { describe, expect, test } from 'vitest';
import { parseJson } from '../../../src/shared/parseJson.ts';

/** Objects whose keys are no longer compared with those of objects before. */
let fresh = 0;

describe('keys with an escape', () => {
  test.each(['\n', '"', '\u0005', '\\', '\\\\', '\u007f', 'é'])(
    '%j is read as it is written, whatever was read before',
    (character) => {
      const first = `k${fresh++}`;
      for (const before of ['', 'x']) {
        const poison = JSON.parse(`{"${first}${before}":1,"${before}\\\\":2}`) as object;
        expect(Object.keys(poison)[1]).toBe(`${before}\\`);
        const key = `${before}${character}`;
        const read = parseJson(`{"${first}${before}":1,${JSON.stringify(key)} :2}`) as object;
        expect(Object.entries(read)).toEqual([
          [`${first}${before}`, 1],
          [key, 2],
        ]);
      }
    },
  );

  test('keep their order and their values, at whatever depth, and the last of equal ones counts', () => {
    const text = String.raw`{"b\n":[{"a\"":"\"x\": y","c":{"d\\":null}}],"\u0061":1,"a":2,"\u0031":3,"__pr\u006fto__":{"e":4}}`;
    const read = parseJson(text) as Record<string, unknown>;
    expect(Object.keys(read)).toEqual(['1', 'b\n', 'a', '__proto__']);
    expect(read['b\n']).toEqual([{ 'a"': '"x": y', c: { 'd\\': null } }]);
    expect([read.a, read['1'], Object.getOwnPropertyDescriptor(read, '__proto__')!.value]).toEqual([2, 3, { e: 4 }]);
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
  });

  test('are none of those that stand in for them', () => {
    expect(Object.keys(parseJson('{"\ue0000":1,"a\\n":2,"\ue000\ue0000":3}') as object)).toEqual([
      '\ue0000',
      'a\n',
      '\ue000\ue0000',
    ]);
  });

  test('may lie deeper than a stack can bear', () => {
    const depth = 20_000;
    let value = parseJson(`${'{"a\\n":'.repeat(depth)}1${'}'.repeat(depth)}`);
    for (let i = 0; i < depth; i++) value = (value as Record<string, unknown>)['a\n'];
    expect(value).toBe(1);
  });
});

test.each(['1', '"a"', '[]', '{"a":"\\n"}', ' {"a" : [1, {"b": null}]} '])(
  '%s is what JSON.parse makes of it',
  (text) => {
    expect(parseJson(text)).toEqual(JSON.parse(text));
  },
);

test.each(['', '{', '{"a\\n"}', '{"a\\x":1}', '[1,]'])('%s is no JSON', (text) => {
  expect(() => parseJson(text)).toThrow(SyntaxError);
});

test('takes time in proportion to the length of a text', () => {
  const size = 2 ** 20;
  for (const text of [
    JSON.stringify({ a: '\\'.repeat(size) }),
    JSON.stringify({ a: '":'.repeat(size) }),
    `{"a"${' '.repeat(size)}:1}`,
    `["a"${' '.repeat(size)}]`,
  ]) {
    const started = performance.now();
    parseJson(text);
    expect(performance.now() - started).toBeLessThan(5000);
  }
});
