import { LabError } from '../../shared/errors.ts';

/**
 * The safetensors format: a little-endian u64 header length, a JSON header of tensors with type,
 * shape and byte range, then the bytes, in order and without gaps.
 */

export interface NamedTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

const maximumHeader = 100_000_000;

interface Entry {
  readonly dtype: string;
  readonly shape: number[];
  readonly data_offsets: [number, number];
}

/** A file in parts, to be written one after the other: the header, then each tensor's own bytes, uncopied. */
export function safetensorsParts(tensors: ReadonlyMap<string, NamedTensor>, metadata: Record<string, string> = {}): Uint8Array[] {
  const header: Record<string, unknown> = Object.keys(metadata).length > 0 ? { __metadata__: metadata } : {};
  let offset = 0;
  for (const [name, { shape, data }] of tensors) {
    header[name] = { dtype: 'F32', shape, data_offsets: [offset, (offset += data.byteLength)] };
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const padded = Math.ceil((8 + json.length) / 8) * 8;
  const head = new Uint8Array(padded).fill(0x20, 8);
  new DataView(head.buffer).setBigUint64(0, BigInt(padded - 8), true);
  head.set(json, 8);
  return [head, ...Array.from(tensors.values(), ({ data }) => bytesOf(data))];
}

/** The `__metadata__` of a file, without reading its tensors; empty where it has none. */
export function readSafetensorsMetadata(bytes: Uint8Array): Record<string, string> {
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length))) as { __metadata__?: Record<string, string> };
  return header.__metadata__ ?? {};
}

export function bytesOf(data: Float32Array): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/** Reads all float tensors of a file's bytes; integer tensors (position ids) are left out. Throws an `encoder` LabError. */
export function readSafetensors(bytes: Uint8Array, where: string): Map<string, NamedTensor> {
  const fault = (message: string): LabError => new LabError('encoder', `${where}: ${message}`, 'Get the file again: this one is not a whole safetensors file.');
  if (bytes.length < 8) throw fault(`expected a header of 8 bytes, found ${bytes.length} bytes.`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerLength = Number(view.getBigUint64(0, true));
  if (headerLength > maximumHeader || headerLength > bytes.length - 8) throw fault(`its header claims ${headerLength} bytes of ${bytes.length - 8}.`);
  const entries = parseHeader(new TextDecoder().decode(bytes.subarray(8, 8 + headerLength)), fault);
  const start = 8 + headerLength;
  const tensors = new Map<string, NamedTensor>();
  let expected = 0;
  for (const [name, { dtype, shape, data_offsets }] of entries.sort((a, b) => a[1].data_offsets[0] - b[1].data_offsets[0])) {
    const [from, to] = data_offsets;
    const elements = shape.reduce((product, length) => product * length, 1);
    const size = bytesPerElement.get(dtype);
    if (size === undefined) throw fault(`tensor "${name}" has the type ${dtype}; expected one of ${[...bytesPerElement.keys()].join(', ')}.`);
    if (from !== expected || to - from !== elements * size) {
      throw fault(`tensor "${name}" of shape [${shape.join(', ')}] and type ${dtype} should take bytes ${expected} to ${expected + elements * size}, but claims ${from} to ${to}.`);
    }
    if (start + to > bytes.length) throw fault(`tensor "${name}" ends at byte ${start + to} of ${bytes.length}.`);
    expected = to;
    if (dtype.startsWith('I')) continue;
    // A copy: the view may start anywhere, a typed array only at multiples of its element.
    const data = toFloat32(dtype, new Uint8Array(bytes.subarray(start + from, start + to)));
    const bad = data.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0) throw fault(`tensor "${name}" holds ${data[bad]} at element ${bad}; expected finite numbers.`);
    tensors.set(name, { shape, data });
  }
  if (start + expected !== bytes.length) throw fault(`its tensors take ${expected} bytes, but ${bytes.length - start} follow the header.`);
  return tensors;
}

const bytesPerElement: ReadonlyMap<string, number> = new Map([['F32', 4], ['F16', 2], ['BF16', 2], ['F64', 8], ['I32', 4], ['I64', 8]]);

function parseHeader(json: string, fault: (message: string) => LabError): [string, Entry][] {
  let header: unknown;
  try {
    header = JSON.parse(json);
  } catch (error) {
    throw fault(`its header is not JSON: ${(error as Error).message}.`);
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header)) throw fault('its header is no object of tensors.');
  const entries = Object.entries(header).filter(([name]) => name !== '__metadata__');
  for (const [name, entry] of entries) if (!isEntry(entry)) throw fault(`the header of tensor "${name}" lacks a type, a shape or a byte range.`);
  // JSON.parse keeps the last of two equal keys: count the keys in the text as well.
  const written = json.match(/"dtype"\s*:/g)?.length ?? 0;
  if (written !== entries.length) throw fault(`its header names a tensor twice (${written} entries, ${entries.length} names).`);
  return entries as [string, Entry][];
}

function isEntry(value: unknown): value is Entry {
  const { dtype, shape, data_offsets: offsets } = (value ?? {}) as Partial<Record<keyof Entry, unknown>>;
  const areLengths = (list: unknown): list is number[] => Array.isArray(list) && list.every((length) => Number.isSafeInteger(length) && length >= 0);
  return typeof dtype === 'string' && areLengths(shape) && areLengths(offsets) && offsets.length === 2;
}

function toFloat32(dtype: string, bytes: Uint8Array<ArrayBuffer>): Float32Array {
  switch (dtype) {
    case 'F32':
      return new Float32Array(bytes.buffer);
    case 'F64':
      return Float32Array.from(new Float64Array(bytes.buffer));
    case 'F16':
      return Float32Array.from(new Uint16Array(bytes.buffer), float16ToNumber);
    default:
      return new Float32Array(Uint32Array.from(new Uint16Array(bytes.buffer), (half) => half << 16).buffer);
  }
}

/** IEEE 754 binary16. */
function float16ToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
