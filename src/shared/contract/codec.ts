import { decode, encode, ExtensionCodec } from '@msgpack/msgpack';

/**
 * Messages as bytes, for carriers without structured clone: MessagePack, which supports NaN and infinities, with an
 * extension type for each kind of float array.
 */

const float64Arrays = 1;
const float32Arrays = 2;

const extensions = new ExtensionCodec();
extensions.register({
  type: float64Arrays,
  encode: (value) => (value instanceof Float64Array ? bytesOf(value) : null),
  decode: (bytes) => new Float64Array(copyOf(bytes)),
});
extensions.register({
  type: float32Arrays,
  encode: (value) => (value instanceof Float32Array ? bytesOf(value) : null),
  decode: (bytes) => new Float32Array(copyOf(bytes)),
});

/** Skips keys whose value is undefined. */
export function encodeMessage(message: unknown): Uint8Array<ArrayBuffer> {
  return encode(message, { extensionCodec: extensions, ignoreUndefined: true });
}

/** Throws if the bytes are not MessagePack. */
export function decodeMessage(bytes: Uint8Array | ArrayBuffer): unknown {
  return decode(bytes, { extensionCodec: extensions });
}

/** In the byte order of this machine, which is little-endian wherever LossLab runs. */
function bytesOf(array: Float64Array | Float32Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

/** A float array must begin at a multiple of its element size; bytes within a message do not. */
function copyOf(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}
