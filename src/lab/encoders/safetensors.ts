import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { LabError } from '../../shared/errors.ts';
import {
  headerLength,
  parseHeader,
  prefixBytes,
  safetensorsFault,
  type SafetensorsHeader,
  type TensorEntry,
} from './safetensorsHeader.ts';

/** Tensors in the safetensors format: written, and read as float32 from files or from memory. */

export interface NamedTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** A file in parts that are written one after the other: the header, then the bytes of each tensor, without copies. */
export function safetensorsParts(
  tensors: ReadonlyMap<string, NamedTensor>,
  metadata: Record<string, string> = {},
): Uint8Array[] {
  let offset = 0;
  const entries = Array.from(
    tensors,
    ([name, { shape, data }]) =>
      [name, { dtype: 'F32', shape, data_offsets: [offset, (offset += data.byteLength)] }] as const,
  );
  const own = Object.keys(metadata).length > 0 ? [['__metadata__', metadata] as const] : [];
  // From entries, so that every name can be a key, even "__proto__".
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries<unknown>([...own, ...entries])));
  const padded = Math.ceil((prefixBytes + json.length) / 8) * 8;
  const head = new Uint8Array(padded).fill(0x20, prefixBytes);
  new DataView(head.buffer).setBigUint64(0, BigInt(padded - prefixBytes), true);
  head.set(json, prefixBytes);
  return [head, ...Array.from(tensors.values(), ({ data }) => bytesOf(data))];
}

export function bytesOf(data: Float32Array): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

// --- From memory ---------------------------------------------------------------------------------

/** The `__metadata__` of a file, without reading its tensors; empty if it has none. */
export function readSafetensorsMetadata(bytes: Uint8Array): Readonly<Record<string, string>> {
  return headerOf(bytes, 'safetensors').metadata;
}

/**
 * Reads all float tensors of a file's bytes; integer tensors (position ids) are skipped. Throws an `encoder` LabError.
 */
export function readSafetensors(bytes: Uint8Array, where: string): Map<string, NamedTensor> {
  const floats = [...headerOf(bytes, where).entries].filter(([, { dtype }]) => conversions.has(dtype));
  // A copy: the view may start anywhere, but a typed array only at multiples of its element size.
  return new Map(
    floats.map(([name, entry]) => [
      name,
      {
        shape: entry.shape,
        data: toFloat32(name, entry, new Uint8Array(bytes.subarray(entry.start, entry.end)), where),
      },
    ]),
  );
}

function headerOf(bytes: Uint8Array, where: string): SafetensorsHeader {
  const length = headerLength(bytes, bytes.length, where);
  return parseHeader(bytes.subarray(prefixBytes, prefixBytes + length), bytes.length, where);
}

// --- From files ----------------------------------------------------------------------------------

export interface SafetensorsFile extends SafetensorsHeader {
  readonly path: string;
  readonly bytes: number;
}

/** Reads the header of a file and compares it with the file's length. Throws an `encoder` LabError. */
export function openSafetensors(path: string): SafetensorsFile {
  return withFile(path, (handle) => {
    const bytes = fstatSync(handle).size;
    const length = headerLength(readRange(handle, 0, Math.min(prefixBytes, bytes), path), bytes, path);
    return { path, bytes, ...parseHeader(readRange(handle, prefixBytes, prefixBytes + length, path), bytes, path) };
  });
}

/** One tensor of a file as float32: only this tensor is read into memory. Throws an `encoder` LabError. */
export function readTensor({ path, entries }: SafetensorsFile, name: string): Float32Array {
  const entry = entries.get(name);
  if (!entry) throw new Error(`${path} has no tensor "${name}".`);
  return toFloat32(
    name,
    entry,
    withFile(path, (handle) => readRange(handle, entry.start, entry.end, path)),
    path,
  );
}

function withFile<T>(path: string, use: (handle: number) => T): T {
  let handle: number | undefined;
  try {
    return use((handle = openSync(path, 'r')));
  } catch (cause) {
    const { code, syscall } = cause as NodeJS.ErrnoException;
    if (syscall === undefined) throw cause;
    throw new LabError(
      'encoder',
      `${path} cannot be read: ${code}.`,
      'An encoder folder must contain config.json and model.safetensors.',
      { cause },
    );
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}

function readRange(handle: number, start: number, end: number, path: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(end - start);
  for (let done = 0; done < bytes.length;) {
    // One system call reads at most about 2 GB, and may read less than requested.
    const read = readSync(handle, bytes, done, Math.min(bytes.length - done, 2 ** 30), start + done);
    if (read === 0) throw safetensorsFault(path, `it ends at byte ${start + done}; expected ${end}.`);
    done += read;
  }
  return bytes;
}

// --- Types -----------------------------------------------------------------------------------------

const conversions: ReadonlyMap<string, (bytes: Uint8Array<ArrayBuffer>) => Float32Array> = new Map([
  ['F32', (bytes) => new Float32Array(bytes.buffer)],
  ['F64', (bytes) => new Float32Array(new Float64Array(bytes.buffer))],
  ['F16', fromFloat16],
  ['BF16', fromBfloat16],
]);

/** The types that can be read. */
export const floatTypes: readonly string[] = [...conversions.keys()];

function toFloat32(name: string, { dtype }: TensorEntry, bytes: Uint8Array<ArrayBuffer>, where: string): Float32Array {
  const convert = conversions.get(dtype);
  if (!convert) throw new Error(`tensor "${name}" has the type ${dtype}, which is not a float type.`);
  const data = convert(bytes);
  for (let i = 0; i < data.length; i++) {
    if (!Number.isFinite(data[i]))
      throw new LabError(
        'encoder',
        `${where}: tensor "${name}" contains ${data[i]} at element ${i}; expected finite numbers.`,
        'These weights are broken: use others.',
      );
  }
  return data;
}

// Plain loops: `Float32Array.from` is several times slower, which matters for 110 million numbers.

/** bfloat16: the upper half of a float32. */
function fromBfloat16(bytes: Uint8Array<ArrayBuffer>): Float32Array {
  const halves = new Uint16Array(bytes.buffer);
  const values = new Uint32Array(halves.length);
  for (let i = 0; i < halves.length; i++) values[i] = halves[i]! << 16;
  return new Float32Array(values.buffer);
}

function fromFloat16(bytes: Uint8Array<ArrayBuffer>): Float32Array {
  const halves = new Uint16Array(bytes.buffer);
  const values = new Float32Array(halves.length);
  const table = (float16Values ??= Float32Array.from({ length: 2 ** 16 }, (_, bits) => float16ToNumber(bits)));
  for (let i = 0; i < halves.length; i++) values[i] = table[halves[i]!]!;
  return values;
}

/** All values, computed at first use: a look-up takes a tenth of the time of computing one. */
let float16Values: Float32Array | undefined;

/** IEEE 754 binary16. */
function float16ToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
