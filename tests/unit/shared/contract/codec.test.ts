import { expect, test } from 'vitest';
import { decodeMessage, encodeMessage } from '../../../../src/shared/contract/codec.ts';

const throughBytes = (message: unknown): unknown => decodeMessage(encodeMessage(message));

test('a message comes out as it went in', () => {
  const message = {
    id: 3,
    method: 'runs.series',
    input: { runs: ['a', 'b'], nested: [[], {}, null, true, 'Ωμέγα 🙂'] },
  };
  expect(throughBytes(message)).toEqual(message);
});

test.each([NaN, Infinity, -Infinity, 0, -1.5, 2 ** 53, Number.MAX_VALUE, Number.MIN_VALUE])(
  'the number %s',
  (value) => {
    expect(throughBytes({ value })).toEqual({ value });
  },
);

test.each([
  ['Float64Array', Float64Array.of(0, NaN, Infinity, -Infinity, Math.PI)],
  ['Float32Array', Float32Array.of(0, NaN, Infinity, -Infinity, Math.fround(Math.PI))],
  ['empty Float64Array', new Float64Array()],
  ['empty Float32Array', new Float32Array()],
  ['window into a larger buffer', new Float64Array(Float64Array.of(1, 2, 3, 4).buffer, 8, 2)],
])('%s stays what it is', (_, array) => {
  const result = throughBytes({ array }) as { array: typeof array };
  expect(result.array).toBeInstanceOf(array.constructor);
  expect(result.array).toEqual(array);
});

test('a message may begin anywhere in a buffer', () => {
  const bytes = encodeMessage({ steps: Float64Array.of(1, 2, 3) });
  for (let offset = 0; offset < 8; offset++) {
    const buffer = new Uint8Array(bytes.length + offset);
    buffer.set(bytes, offset);
    expect(decodeMessage(buffer.subarray(offset))).toEqual({ steps: Float64Array.of(1, 2, 3) });
  }
});

test('what has been decoded does not hold on to the message', () => {
  const bytes = encodeMessage({ steps: Float64Array.of(1, 2) });
  const { steps } = decodeMessage(bytes) as { steps: Float64Array };
  bytes.fill(0);
  expect(steps).toEqual(Float64Array.of(1, 2));
  expect(steps.buffer.byteLength).toBe(16);
});

test('a key without a value is left out, as in JSON', () => {
  expect(throughBytes({ a: undefined, b: 1 })).toEqual({ b: 1 });
});

test('bytes that are no message are refused', () => {
  expect(() => decodeMessage(Uint8Array.of(0xc1))).toThrow();
  expect(() => decodeMessage(encodeMessage({ a: 1 }).subarray(0, 2))).toThrow();
});
