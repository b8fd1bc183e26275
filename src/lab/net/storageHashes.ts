import { md5, type Checksum } from './checksum.ts';
import { crc32c } from './crc32c.ts';

/**
 * Checksums of a file in Google's storage: `x-goog-hash: crc32c=…,md5=…`, both in base64. Unknown kinds are skipped.
 */
export function storageHashes(headers: Headers): Checksum[] {
  return (headers.get('x-goog-hash') ?? '').split(',').flatMap((part) => {
    const [, kind, value] = /^\s*(crc32c|md5)=([A-Za-z0-9+/]+=*)\s*$/.exec(part) ?? [];
    if (value === undefined) return [];
    const expected = Buffer.from(value, 'base64').toString('hex');
    return [kind === 'md5' ? md5(expected) : crc32c(expected)];
  });
}
