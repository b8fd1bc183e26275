import { describe, expect, test } from 'vitest';
import { inspectFile, parseEncoding, readAsUtf8 } from '../../../../src/lab/data/encoding.ts';
import { dataFile, dataFolder, labError } from '../../../helpers/dataFiles.ts';
import type { Encoding } from '../../../../src/shared/encodings.ts';

async function read(content: Buffer, encoding?: Encoding) {
  const file = await inspectFile(dataFile('some.csv', content), { encoding });
  const pieces: Buffer[] = [];
  for await (const piece of readAsUtf8(file)) pieces.push(piece);
  return { encoding: file.encoding, text: Buffer.concat(pieces).toString('utf8') };
}

describe('detection', () => {
  const text = 'Café – naïve 𝕏\n';
  const utf16be = Buffer.from(`\ufeff${text}`, 'utf16le').swap16();
  test.each([
    ['ASCII', Buffer.from('plain'), 'utf-8', 'plain'],
    ['UTF-8', Buffer.from(text), 'utf-8', text],
    ['UTF-8 with a byte order mark', Buffer.from(`\ufeff${text}`), 'utf-8', text],
    ['UTF-16, little endian', Buffer.from(`\ufeff${text}`, 'utf16le'), 'utf-16le', text],
    ['UTF-16, big endian', utf16be, 'utf-16be', text],
    ['latin-1', Buffer.from('Café naïve', 'latin1'), 'latin-1', 'Café naïve'],
    [
      'bytes that latin-1 has no letters for',
      Buffer.from('\x93quoted\x94 \xe9', 'latin1'),
      'windows-1252',
      '“quoted” é',
    ],
    ['a latin-1 letter as the very last byte', Buffer.from('caf\xe9', 'latin1'), 'latin-1', 'café'],
  ])('%s', async (_, content, encoding, expected) => {
    expect(await read(content)).toEqual({ encoding, text: expected });
  });

  test('characters cut in two by the border of a piece', async () => {
    // Pieces are 256 KiB: with 0 to 3 bytes in front, every byte of a character falls on a border.
    for (const lead of ['', 'a', 'ab', 'abc']) {
      const text = lead + '𝕏'.repeat(150_000);
      expect(await read(Buffer.from(text))).toEqual({ encoding: 'utf-8', text });
    }
  });

  test('one latin-1 letter far into a large file', async () => {
    const content = Buffer.concat([Buffer.alloc(600_000, 'x'), Buffer.from([0xe9]), Buffer.from(' end')]);
    const { encoding, text } = await read(content);
    expect(encoding).toBe('latin-1');
    expect(text.slice(-5)).toBe('é end');
  });

  test('UTF-8 with a few damaged bytes is refused, not read as something else', async () => {
    const content = Buffer.concat([Buffer.from('é'.repeat(50) + '\nü'), Buffer.from([0xff]), Buffer.from('\n')]);
    const error = await labError(inspectFile(dataFile('some.csv', content)), 'data');
    expect(error.message).toContain('byte 103 (line 2)');
    expect(error.message).toContain('51 characters');
  });
});

describe('an encoding that was asked for', () => {
  test('is used instead of the detected one', async () => {
    expect((await read(Buffer.from('é'), 'latin-1')).text).toBe('Ã©');
    expect((await read(Buffer.from('\x80', 'latin1'), 'windows-1252')).text).toBe('€');
    expect((await read(Buffer.from('é', 'utf16le'), 'utf-16le')).text).toBe('é');
  });

  test('UTF-8 that the file is not names the byte and the line', async () => {
    const content = Buffer.concat([Buffer.from('first\nsecond caf'), Buffer.from([0xe9]), Buffer.from(' x')]);
    const error = await labError(inspectFile(dataFile('some.csv', content), { encoding: 'utf-8' }), 'data');
    expect(error.message).toContain('some.csv is not UTF-8: byte 16 (line 2)');
    expect(error.fix).toContain('latin-1');
  });

  test('UTF-8 cut short at its end is not UTF-8', async () => {
    const content = Buffer.from('café').subarray(0, 4);
    const error = await labError(inspectFile(dataFile('some.csv', content), { encoding: 'utf-8' }), 'data');
    expect(error.message).toContain('byte 3');
  });

  test('UTF-16 that the file is not', async () => {
    const loneSurrogate = Buffer.from([0x00, 0xd8, 0x41, 0x00]);
    expect((await labError(read(loneSurrogate, 'utf-16le'), 'data')).message).toContain('not valid utf-16le');
  });

  test('has to be a known one', async () => {
    expect(parseEncoding('Latin-1')).toBe('latin-1');
    const error = await labError(() => parseEncoding('ebcdic'), 'usage');
    expect(error.message + error.fix).toMatch(/ebcdic.*utf-8, latin-1, windows-1252, utf-16le/s);
  });
});

test('a file that is absent, empty or a folder', async () => {
  expect((await labError(inspectFile('/no/such.csv'), 'data')).message).toContain('no such file');
  expect((await labError(inspectFile(dataFile('some.csv', '')), 'data')).message).toContain('is empty');
  expect((await labError(inspectFile(dataFolder()), 'data')).message).toContain('is not a file');
});
