import { expect, test } from 'vitest';
import { crc32c } from '../../../../src/lab/net/crc32c.ts';
import { storageHashes } from '../../../../src/lab/net/storageHashes.ts';

function sumOf(bytes: Uint8Array): string {
  const sum = crc32c('').create();
  for (let at = 0; at < bytes.length; at += 7) sum.update(bytes.subarray(at, at + 7));
  return sum.digest();
}

// The check value of the algorithm, and the examples of RFC 3720, B.4.
test.each([
  ['digits', Buffer.from('123456789'), 'e3069283'],
  ['zeros', Buffer.alloc(32), '8a9136aa'],
  ['ones', Buffer.alloc(32, 0xff), '62a8ab43'],
  ['ascending', Buffer.from(Array.from({ length: 32 }, (_, index) => index)), '46dd794e'],
  ['nothing', Buffer.alloc(0), '00000000'],
])('CRC-32C of %s', (_, bytes, expected) => expect(sumOf(bytes)).toBe(expected));

test('both hashes are read, from one header or two; what is unknown or broken is passed over', () => {
  const headers = new Headers({ 'x-goog-hash': 'crc32c=4waSgw==' });
  headers.append('x-goog-hash', 'md5=JfnnlDI7RTiF9RgfGw2JNw==');
  expect(storageHashes(headers).map(({ name, expected }) => [name, expected])).toEqual([
    ['CRC-32C', 'e3069283'],
    ['MD5', '25f9e794323b453885f5181f1b0d8937'],
  ]);
  expect(storageHashes(new Headers({ 'x-goog-hash': 'sha9=abc, md5=???' }))).toEqual([]);
  expect(storageHashes(new Headers())).toEqual([]);
});
