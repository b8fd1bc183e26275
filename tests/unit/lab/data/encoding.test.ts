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
  const german = 'Wie kocht man ein hartes Ei? Legen Sie das Ei in kaltes Wasser, lassen Sie es acht Minuten köcheln';
  const bytesOf = (hex: string): Buffer => Buffer.from(hex.replaceAll(' ', ''), 'hex');
  const utf16be = Buffer.from(`\ufeff${text}`, 'utf16le').swap16();
  test.each([
    ['ASCII', Buffer.from('plain'), 'utf-8', 'plain'],
    ['UTF-8', Buffer.from(text), 'utf-8', text],
    ['UTF-8 with a byte order mark', Buffer.from(`\ufeff${text}`), 'utf-8', text],
    ['UTF-16, little endian', Buffer.from(`\ufeff${text}`, 'utf16le'), 'utf-16le', text],
    ['UTF-16, big endian', utf16be, 'utf-16be', text],
    [
      'UTF-16 without a mark',
      Buffer.from('question,answer\nWhy?,Café\n', 'utf16le'),
      'utf-16le',
      'question,answer\nWhy?,Café\n',
    ],
    [
      'UTF-16 without a mark, big endian',
      Buffer.from('question,answer\n如何,在沸\n', 'utf16le').swap16(),
      'utf-16be',
      'question,answer\n如何,在沸\n',
    ],
    ['latin-1', Buffer.from(german, 'latin1'), 'latin-1', german],
    [
      'bytes that latin-1 has no letters for',
      Buffer.from(`\x84${german}\x93`, 'latin1'),
      'windows-1252',
      `„${german}“`,
    ],
    [
      'Russian',
      bytesOf('cae0ea20f1e2e0f0e8f2fc20fffef6ee3f20cfeeebeee6e8f2e520fffef6ee20e220e2eee4f3'),
      'windows-1251',
      'Как сварить яюцо? Положите яюцо в воду',
    ],
    [
      'Chinese',
      bytesOf('c8e7bace d6f3bca6b5b0 a3bf d4dab7d0cbaed6d0d6f3c6dfb7d6d6d3'),
      'gb18030',
      '如何煮鸡蛋？在沸水中煮七分钟',
    ],
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

  test('one letter that may be anything: refused with the two best guesses', async () => {
    const error = await labError(read(Buffer.from('q,a\nna\xefve,b\n', 'latin1')), 'data');
    expect(error.message).toMatch(
      /some\.csv is not UTF-8, and its encoding is uncertain: it may be .+ \("na.ve,b"\) or .+ \("na.ve,b"\)/,
    );
    expect(error.fix).toContain('--encoding');
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
    expect(error.fix).toContain('--encoding');
  });

  test('UTF-8 cut short at its end is not UTF-8', async () => {
    const content = Buffer.from('café').subarray(0, 4);
    const error = await labError(inspectFile(dataFile('some.csv', content), { encoding: 'utf-8' }), 'data');
    expect(error.message).toContain('byte 3');
  });

  test('UTF-16 that the file is not', async () => {
    const loneSurrogate = Buffer.from([0x00, 0xd8, 0x41, 0x00]);
    expect((await labError(read(loneSurrogate, 'utf-16le'), 'data')).message).toContain(
      'some.csv is not utf-16le: bytes after the first 0',
    );
  });

  test('has to be a known one', async () => {
    expect(['Latin-1', 'cp1251', 'GB2312', 'sjis', 'utf8'].map(parseEncoding)).toEqual([
      'latin-1',
      'windows-1251',
      'gbk',
      'shift_jis',
      'utf-8',
    ]);
    const error = await labError(() => parseEncoding('ebcdic'), 'usage');
    expect(error.message + error.fix).toMatch(/ebcdic.*utf-8, utf-16le, utf-16be, latin-1, windows-1252, gb18030/s);
  });
});

test('a file that is absent, empty or a folder', async () => {
  expect((await labError(inspectFile('/no/such.csv'), 'data')).message).toContain('no such file');
  expect((await labError(inspectFile(dataFile('some.csv', '')), 'data')).message).toContain('is empty');
  expect((await labError(inspectFile(dataFolder()), 'data')).message).toContain('is not a file');
});
