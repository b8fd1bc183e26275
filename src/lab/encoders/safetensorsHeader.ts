import { LabError } from '../../shared/errors.ts';
import { parseJson } from '../../shared/parseJson.ts';
import { duplicateKey } from './duplicateKeys.ts';

/**
 * The safetensors format: a little-endian u64 header length, a JSON header of tensors with type,
 * shape and byte range, then the bytes, in order and without gaps.
 */

/** The first bytes of a file: the length of its header. */
export const prefixBytes = 8;
/** Maximum size of a header, from the format. */
const maximumHeader = 100_000_000;

export interface TensorEntry {
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Bytes of the file. */
  readonly start: number;
  readonly end: number;
}

export interface SafetensorsHeader {
  /** In the order of their bytes. */
  readonly entries: ReadonlyMap<string, TensorEntry>;
  readonly metadata: Readonly<Record<string, string>>;
}

const bytesPerElement: ReadonlyMap<string, number> = new Map([
  ['F32', 4],
  ['F16', 2],
  ['BF16', 2],
  ['F64', 8],
  ['I8', 1],
  ['U8', 1],
  ['I16', 2],
  ['U16', 2],
  ['I32', 4],
  ['U32', 4],
  ['I64', 8],
  ['U64', 8],
  ['BOOL', 1],
]);

export function safetensorsFault(where: string, message: string): LabError {
  return new LabError(
    'encoder',
    `${where}: ${message}`,
    'Download the file again: this one is not a complete safetensors file.',
  );
}

/** The length of the header of a file of `fileBytes`, from its first eight bytes. Throws an `encoder` LabError. */
export function headerLength(prefix: Uint8Array, fileBytes: number, where: string): number {
  if (prefix.length < prefixBytes)
    throw safetensorsFault(where, `expected a header of ${prefixBytes} bytes, found ${prefix.length} bytes.`);
  const length = Number(new DataView(prefix.buffer, prefix.byteOffset, prefixBytes).getBigUint64(0, true));
  if (length > maximumHeader || length > fileBytes - prefixBytes)
    throw safetensorsFault(where, `its header claims ${length} bytes of ${fileBytes - prefixBytes}.`);
  return length;
}

/**
 * The header of a file of `fileBytes`, compared with that length, so that missing tensors are found without reading
 * any. Throws an `encoder` LabError with the tensor, what was expected and what was found.
 */
export function parseHeader(bytes: Uint8Array, fileBytes: number, where: string): SafetensorsHeader {
  const { __metadata__: metadata, ...tensors } = parseObject(bytes, where);
  const dataStart = prefixBytes + bytes.length;
  const entries = Object.entries(tensors).map(([name, entry]) => [name, rawEntry(name, entry, where)] as const);
  let expected = 0;
  const checked = entries
    .sort(([, a], [, b]) => a.data_offsets[0] - b.data_offsets[0] || a.data_offsets[1] - b.data_offsets[1])
    .map(
      ([
        name,
        {
          dtype,
          shape,
          data_offsets: [from, to],
        },
      ]): [string, TensorEntry] => {
        const size = bytesPerElement.get(dtype);
        if (size === undefined)
          throw safetensorsFault(
            where,
            `tensor "${name}" has the type ${dtype}; expected one of ${[...bytesPerElement.keys()].join(', ')}.`,
          );
        const bytesOfTensor = shape.reduce((product, length) => product * length, size);
        if (from !== expected || to - from !== bytesOfTensor) {
          throw safetensorsFault(
            where,
            `tensor "${name}" of shape [${shape.join(', ')}] and type ${dtype} should take bytes ${expected} to ${expected + bytesOfTensor}, but claims ${from} to ${to}.`,
          );
        }
        if (dataStart + to > fileBytes)
          throw safetensorsFault(where, `tensor "${name}" ends at byte ${dataStart + to} of ${fileBytes}.`);
        expected = to;
        return [name, { dtype, shape, start: dataStart + from, end: dataStart + to }];
      },
    );
  if (dataStart + expected !== fileBytes)
    throw safetensorsFault(
      where,
      `its tensors take ${expected} bytes, but ${fileBytes - dataStart} follow the header.`,
    );
  return { entries: new Map(checked), metadata: checkedMetadata(metadata, where) };
}

function parseObject(bytes: Uint8Array, where: string): Record<string, unknown> {
  let json: string;
  let header: unknown;
  try {
    json = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    header = parseJson(json);
  } catch (error) {
    throw safetensorsFault(where, `its header is not JSON: ${(error as Error).message}.`);
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header))
    throw safetensorsFault(where, 'its header is not an object of tensors.');
  const twice = duplicateKey(json);
  if (twice !== null) throw safetensorsFault(where, `its header names ${JSON.stringify(twice)} twice.`);
  return header as Record<string, unknown>;
}

interface RawEntry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

function rawEntry(name: string, value: unknown, where: string): RawEntry {
  const { dtype, shape, data_offsets: offsets } = (value ?? {}) as Partial<Record<keyof RawEntry, unknown>>;
  const areLengths = (list: unknown): list is number[] =>
    Array.isArray(list) && list.every((length) => Number.isSafeInteger(length) && length >= 0);
  if (typeof dtype === 'string' && areLengths(shape) && areLengths(offsets) && offsets.length === 2)
    return value as RawEntry;
  throw safetensorsFault(where, `the header of tensor "${name}" lacks a type, a shape or a byte range.`);
}

function checkedMetadata(metadata: unknown, where: string): Record<string, string> {
  if (metadata === undefined) return {};
  const isObject = typeof metadata === 'object' && metadata !== null && !Array.isArray(metadata);
  if (isObject && Object.values(metadata).every((value) => typeof value === 'string'))
    return metadata as Record<string, string>;
  throw safetensorsFault(where, 'its __metadata__ is not an object of texts.');
}
