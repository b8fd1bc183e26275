import { describe, expect, test } from 'vitest';
import {
  readSafetensors,
  readSafetensorsMetadata,
  safetensorsParts,
} from '../../../../src/lab/encoders/safetensors.ts';

/** A file of any header text, and the bytes after it. */
function file(header: unknown, data: Uint8Array = new Uint8Array(), claimed?: bigint): Uint8Array {
  const json = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + json.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, claimed ?? BigInt(json.length), true);
  bytes.set(json, 8);
  bytes.set(data, 8 + json.length);
  return bytes;
}

const read = (bytes: Uint8Array) => readSafetensors(bytes, 'some.safetensors');
const entry = (dtype: string, shape: number[], from: number, to: number) => ({
  dtype,
  shape,
  data_offsets: [from, to],
});
const floats = (...values: number[]) => new Uint8Array(Float32Array.from(values).buffer);
const valuesOf = (bytes: Uint8Array): number[] => [...read(bytes).get('x')!.data];

describe('what was written is read', () => {
  const tensors = new Map([
    ['weight', { shape: [2, 3], data: Float32Array.of(1, -2.5, 3e-30, 4, 5, 6e30) }],
    ['empty', { shape: [0, 4], data: new Float32Array() }],
    ['scalar', { shape: [], data: Float32Array.of(-0) }],
    ['ünïcode "quoted"', { shape: [1], data: Float32Array.of(7) }],
    ['__proto__', { shape: [1], data: Float32Array.of(8) }],
  ]);
  const written = (metadata?: Record<string, string>): Uint8Array => Buffer.concat(safetensorsParts(tensors, metadata));

  test('tensors and metadata, from a view that begins anywhere', () => {
    expect(read(written())).toEqual(tensors);
    expect(readSafetensorsMetadata(written())).toEqual({});
    const metadata = { identity: 'a "dtype": b', note: 'ü' };
    expect(read(written(metadata))).toEqual(tensors);
    expect(readSafetensorsMetadata(written(metadata))).toEqual(metadata);
    const shifted = Buffer.concat([Buffer.from('abc'), written(metadata)]).subarray(3);
    expect(read(shifted)).toEqual(tensors);
    expect(readSafetensorsMetadata(shifted)).toEqual(metadata);
  });

  test('the data begins at a multiple of eight bytes, as readers that map files expect', () => {
    for (const note of ['', 'a', 'ab', 'abc', 'abcd'])
      expect(safetensorsParts(tensors, { note })[0]!.length % 8).toBe(0);
  });

  test('a view of a part of a buffer is written as that part alone', () => {
    const data = Float32Array.of(9, 1, 2, 9).subarray(1, 3);
    const bytes = Buffer.concat(safetensorsParts(new Map([['x', { shape: [2], data }]])));
    expect(valuesOf(bytes)).toEqual([1, 2]);
  });
});

describe('types that are converted', () => {
  const halves = (...bits: number[]) => new Uint8Array(Uint16Array.from(bits).buffer);

  test('F16, subnormal and extreme values included', () => {
    const bits = [0x3c00, 0xc000, 0x3555, 0x0001, 0x8000, 0x03ff, 0x0400, 0x7bff];
    expect(valuesOf(file({ x: entry('F16', [8], 0, 16) }, halves(...bits)))).toEqual([
      1,
      -2,
      0.333251953125,
      2 ** -24,
      -0,
      1023 * 2 ** -24,
      2 ** -14,
      65504,
    ]);
  });

  test('BF16', () => {
    expect(valuesOf(file({ x: entry('BF16', [5], 0, 10) }, halves(0x3f80, 0xc000, 0x4049, 0x0001, 0x7f7f)))).toEqual([
      1,
      -2,
      3.140625,
      Math.fround(2 ** -133),
      Math.fround(255 * 2 ** 120),
    ]);
  });

  test('F64', () => {
    const bytes = new Uint8Array(Float64Array.of(0.1, -1e10).buffer);
    expect(valuesOf(file({ x: entry('F64', [2], 0, 16) }, bytes))).toEqual([Math.fround(0.1), -1e10]);
  });

  test('integer tensors are passed over, and count in the layout', () => {
    const bytes = file(
      { x: entry('F32', [1], 16, 20), position_ids: entry('I64', [1, 2], 0, 16) },
      new Uint8Array([...new Uint8Array(16), ...floats(2)]),
    );
    expect([...read(bytes).keys()]).toEqual(['x']);
    expect(valuesOf(bytes)).toEqual([2]);
  });
});

describe('a file that is not whole or lies is refused with an error that says where', () => {
  const x = entry('F32', [2], 0, 8);
  test.each<[string, Uint8Array, string]>([
    ['no bytes at all', new Uint8Array(), 'expected a header of 8 bytes, found 0 bytes'],
    ['a header longer than the file', file({ x }, floats(1, 2), 10_000n), 'its header claims 10000 bytes'],
    ['a header longer than any', file({ x }, floats(1, 2), 2n ** 63n), 'its header claims 9223372036854776000 bytes'],
    ['a header shorter than its text', file({ x }, floats(1, 2), 5n), 'its header is not JSON'],
    ['a header that is no JSON', file('not json'), 'its header is not JSON'],
    ['a header that is null', file('null'), 'its header is not an object'],
    ['a header that is a list', file('[]'), 'its header is not an object'],
    ['a header that is a number', file('5'), 'its header is not an object'],
    ['an entry that is null', file('{"x": null}'), 'the header of tensor "x"'],
    [
      'an entry without a shape',
      file({ x: { dtype: 'F32', data_offsets: [0, 8] } }, floats(1, 2)),
      'the header of tensor "x"',
    ],
    ['a negative length', file({ x: entry('F32', [-2], 0, 8) }, floats(1, 2)), 'the header of tensor "x"'],
    ['a length that is no integer', file({ x: entry('F32', [1.5], 0, 8) }, floats(1, 2)), 'the header of tensor "x"'],
    [
      'three offsets',
      file({ x: { dtype: 'F32', shape: [2], data_offsets: [0, 4, 8] } }, floats(1, 2)),
      'the header of tensor "x"',
    ],
    [
      'a tensor named twice',
      file(`{"x": ${JSON.stringify(x)}, "x": ${JSON.stringify(x)}}`, floats(1, 2)),
      'its header names "x" twice',
    ],
    [
      'a tensor named twice, once escaped',
      file(`{"x": ${JSON.stringify(x)}, "\\u0078": ${JSON.stringify(x)}}`, floats(1, 2)),
      'its header names "x" twice',
    ],
    [
      'a range that is not shape × type',
      file({ x: entry('F32', [3], 0, 8) }, floats(1, 2)),
      'tensor "x" of shape [3] and type F32 should take bytes 0 to 12, but claims 0 to 8',
    ],
    [
      'a shape larger than any memory',
      file({ x: entry('F32', [2 ** 40, 2 ** 40], 0, 8) }, floats(1, 2)),
      'tensor "x" of shape [1099511627776, 1099511627776]',
    ],
    ['a range that runs backwards', file({ x: entry('F32', [2], 8, 0) }, floats(1, 2)), 'tensor "x"'],
    [
      'ranges that overlap',
      file({ x, y: entry('F32', [2], 4, 12) }, floats(1, 2, 3)),
      'tensor "y" of shape [2] and type F32 should take bytes 8 to 16, but claims 4 to 12',
    ],
    [
      'a gap between ranges',
      file({ x, y: entry('F32', [1], 12, 16) }, floats(1, 2, 3, 4)),
      'tensor "y" of shape [1] and type F32 should take bytes 8 to 12, but claims 12 to 16',
    ],
    ['a gap at the beginning', file({ x: entry('F32', [1], 4, 8) }, floats(1, 2)), 'tensor "x"'],
    ['bytes that are missing at the end', file({ x }, floats(1, 2).subarray(0, 7)), 'tensor "x" ends at byte'],
    ['bytes too many at the end', file({ x }, floats(1, 2, 3)), 'its tensors take 8 bytes, but 12 follow'],
    [
      'an unknown type',
      file({ x: entry('F8_E4M3', [8], 0, 8) }, floats(1, 2)),
      'tensor "x" has the type F8_E4M3; expected one of F32',
    ],
    [
      'a type that names something else',
      file({ x: entry('constructor', [2], 0, 8) }, floats(1, 2)),
      'tensor "x" has the type constructor',
    ],
    ['NaN', file({ x }, floats(1, NaN)), 'tensor "x" contains NaN at element 1'],
    ['infinity', file({ x }, floats(-Infinity, 1)), 'tensor "x" contains -Infinity at element 0'],
    [
      'infinity in F16',
      file({ x: entry('F16', [1], 0, 2) }, Uint8Array.of(0, 0x7c)),
      'tensor "x" contains Infinity at element 0',
    ],
    [
      'a number too large for float32',
      file({ x: entry('F64', [1], 0, 8) }, new Uint8Array(Float64Array.of(1e300).buffer)),
      'tensor "x" contains Infinity at element 0',
    ],
  ])('%s', (_, bytes, message) => {
    expect(() => read(bytes)).toThrow(
      expect.objectContaining({
        name: 'LabError',
        code: 'encoder',
        message: expect.stringContaining(message) as string,
      }),
    );
    expect(() => read(bytes)).toThrow('some.safetensors');
  });
});
