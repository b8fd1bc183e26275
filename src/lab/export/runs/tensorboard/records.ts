import { crc32cOf } from '../../../net/crc32c.ts';

/**
 * One record of a TFRecord file: its length (64 bits), a checksum of the length, the bytes, a checksum of the
 * bytes, all little-endian (https://www.tensorflow.org/tutorials/load_data/tfrecord#tfrecords_format_details).
 */
export function framed(bytes: Uint8Array): Uint8Array {
  const record = new Uint8Array(bytes.length + 16);
  const view = new DataView(record.buffer);
  view.setBigUint64(0, BigInt(bytes.length), true);
  view.setUint32(8, masked(crc32cOf(record.subarray(0, 8))), true);
  record.set(bytes, 12);
  view.setUint32(12 + bytes.length, masked(crc32cOf(bytes)), true);
  return record;
}

/**
 * Masked as TFRecord requires (rotated by 15 bits, plus a constant), because checksums of data that contains checksums
 * are weak.
 */
function masked(sum: number): number {
  return (((sum >>> 15) | (sum << 17)) + 0xa282ead8) >>> 0;
}
