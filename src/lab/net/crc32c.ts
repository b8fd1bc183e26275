import type { Checksum } from './checksum.ts';

/** CRC-32C as cloud storage reports it, in hexadecimal. */
export function crc32c(expected: string): Checksum {
  return {
    name: 'CRC-32C',
    expected: expected.toLowerCase(),
    create() {
      let sum = start;
      return {
        update(bytes) {
          sum = update(sum, bytes);
        },
        digest: () => (~sum >>> 0).toString(16).padStart(8, '0'),
      };
    },
  };
}

/** CRC-32C of bytes in memory, from 0 to 2³² − 1. */
export function crc32cOf(bytes: Uint8Array): number {
  return ~update(start, bytes) >>> 0;
}

const start = 0xffffffff;

function update(sum: number, bytes: Uint8Array): number {
  for (const byte of bytes) sum = (sum >>> 8) ^ table[(sum ^ byte) & 0xff]!;
  return sum;
}

/** Castagnoli's polynomial, bits reversed (RFC 3720, appendix B.4). */
const polynomial = 0x82f63b78;

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ polynomial : rest >>> 1;
  return rest;
});
