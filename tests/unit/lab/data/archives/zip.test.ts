import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openZip } from '../../../../../src/lab/data/archives/zip.ts';
import { labError } from '../../../../helpers/dataFiles.ts';
import { temporaryFolder } from '../../../../helpers/syntheticStore.ts';
import { zipOf, type ZippedFile } from '../../../../helpers/zipWriter.ts';

const text = 'Id,Title\n1,"What is a kernel?"\n'.repeat(1000);
const table: ZippedFile = { name: 'Questions.csv', content: text };

function archive(content: readonly ZippedFile[] | Uint8Array): { file: string; folder: string } {
  const folder = temporaryFolder();
  const file = join(folder, 'archive.zip');
  writeFileSync(file, content instanceof Uint8Array ? content : zipOf(content));
  return { file, folder };
}

/** Opens and unpacks everything; the names that it found. */
async function unpackAll({ file, folder }: ReturnType<typeof archive>, options = {}): Promise<string[]> {
  await using zip = await openZip(file);
  for (const [index, entry] of zip.entries.entries())
    await zip.extract(entry, join(folder, `unpacked-${index}`), options);
  return zip.entries.map(({ name }) => name);
}

test('files are unpacked as they were, packed or stored, with folders between them', async () => {
  const at = archive([
    table,
    { name: 'more/', content: '' },
    { name: 'more/Answers é.csv', content: 'Id\n', stored: true },
    { name: 'empty', content: '' },
    { ...table, name: 'streamed', streamed: true },
  ]);
  let written = 0;
  expect(await unpackAll(at, { onBytes: (bytes: number) => (written += bytes) })).toEqual([
    'Questions.csv',
    'more/Answers é.csv',
    'empty',
    'streamed',
  ]);
  expect(readFileSync(join(at.folder, 'unpacked-0'), 'utf8')).toBe(text);
  expect(readFileSync(join(at.folder, 'unpacked-1'), 'utf8')).toBe('Id\n');
  expect(readFileSync(join(at.folder, 'unpacked-2'), 'utf8')).toBe('');
  expect(readFileSync(join(at.folder, 'unpacked-3'), 'utf8')).toBe(text);
  expect(written).toBe(2 * text.length + 3);
});

const mebibyte = Buffer.alloc(2 ** 20);
const bomb = Buffer.alloc(20 * 2 ** 20);

test.each<[string, readonly ZippedFile[], RegExp]>([
  [
    'a path out of the folder',
    [{ ...table, name: 'a/../../evil' }],
    /"a\/\.\.\/\.\.\/evil": its path leads out of the folder/,
  ],
  ['an absolute path', [{ ...table, name: '/etc/passwd' }], /"\/etc\/passwd": its path is absolute/],
  ['a drive', [{ ...table, name: 'C:evil' }], /"C:evil": its path is absolute/],
  ['a backslash', [{ ...table, name: '..\\evil' }], /its path contains a backslash/],
  ['a NUL', [{ ...table, name: 'a\0b' }], /"a\\u0000b": its name contains control characters or damaged characters/],
  ['an empty part', [{ ...table, name: 'a//b' }], /its path has empty parts/],
  ['a link', [{ name: 'link', content: '/etc/passwd', mode: 0o120777 }], /"link": it is a link, not a file/],
  ['a device', [{ name: 'null', content: '', mode: 0o020666 }], /"null": it is a device, not a file/],
  ['an encrypted entry', [{ ...table, flags: 1 }], /"Questions\.csv": it is encrypted/],
  ['another method', [{ ...table, method: 9 }], /it is packed by method 9; expected 0 \(stored\) or 8 \(deflate\)/],
  [
    'a name twice',
    [table, { ...table, name: 'QUESTIONS.csv' }],
    /"QUESTIONS\.csv": the archive has two entries with this name/,
  ],
  [
    'a claimed bomb',
    [{ name: 'bomb', content: bomb }],
    /"bomb": it claims to be 20,971,520 bytes packed into 20,3\d\d bytes, more than 200 to 1/,
  ],
  [
    'a total beyond all measure',
    Array.from({ length: 50 }, (_, index) => ({
      name: `${index}`,
      content: 'x',
      size: 0xfffffffe,
      packedSize: 0xf0000000,
    })),
    /claims to contain 214,748,364,700 bytes, packed into 201,326,592,000 bytes; the limit is 200,000,000,000/,
  ],
  [
    'two entries at one place',
    [table, { ...table, name: 'Answers.csv', localName: 'Questions.csv', offset: 0 }],
    /"Answers\.csv": its own header has another name/,
  ],
  [
    'entries within each other',
    [
      { ...table, packedSize: 170 },
      { name: 'Answers.csv', content: 'Id\n' },
    ],
    /"Answers\.csv": it shares bytes with "Questions\.csv"/,
  ],
  [
    'an entry that is not there',
    [{ ...table, offset: 5 }],
    /"Questions\.csv": it is not at the place that the archive says/,
  ],
  [
    'an entry longer than the archive',
    [{ ...table, packedSize: 1e6 }],
    /"Questions\.csv": the archive ends after [\d,]+ bytes, before the end of this entry/,
  ],
])('refused before anything is unpacked: %s', async (_, files, message) => {
  const at = archive(files);
  const error = await labError(() => openZip(at.file), 'data');
  expect(error.message).toMatch(message);
  expect(readdirSync(at.folder)).toEqual(['archive.zip']);
});

test.each<[string, readonly ZippedFile[], RegExp]>([
  [
    'more bytes than claimed',
    [{ name: 'bomb', content: mebibyte, size: 1000 }],
    /"bomb": it claims to be 1,000 bytes, packed into 1,0\d\d bytes, but continues after [\d,]+ bytes/,
  ],
  [
    'fewer bytes than claimed',
    [{ ...table, size: text.length + 1 }],
    /claims to be 31,001 bytes, but ends after 31,000 bytes/,
  ],
  [
    'a stored entry of another size',
    [{ name: 'a', content: 'abc', stored: true, size: 2 }],
    /claims to be 2 bytes, packed into 3 bytes, but continues after 3 bytes/,
  ],
  ['a wrong checksum', [{ ...table, crc: 0x1234 }], /it is damaged: expected CRC-32 00001234, found [0-9a-f]{8}/],
  [
    'bytes that are no deflate',
    [{ name: 'a', content: 'no deflate at all', stored: true, method: 8 }],
    /"a": it is damaged: its packed bytes make no sense/,
  ],
])('refused while it is unpacked, and nothing of it stays: %s', async (_, files, message) => {
  const at = archive(files);
  expect((await labError(unpackAll(at), 'data')).message).toMatch(message);
  expect(readdirSync(at.folder)).toEqual(['archive.zip']);
});

test('an archive that was cut short says so, wherever it was cut', async () => {
  const whole = zipOf([table, { name: 'Answers.csv', content: text }]);
  for (const size of [4, 100, whole.length - 60, whole.length - 1]) {
    const error = await labError(() => openZip(archive(whole.subarray(0, size)).file), 'data');
    expect(error.message).toBe(
      `archive.zip is cut short: it has ${size.toLocaleString('en')} bytes, without the list of entries that ends a zip archive.`,
    );
  }
});

test.each([
  ['nothing', ''],
  ['a web page', '<!doctype html>'],
])('%s is no archive', async (_, content) => {
  expect((await labError(() => openZip(archive(Buffer.from(content)).file), 'data')).message).toContain(
    'archive.zip is not a zip archive',
  );
});

test('there is no such file', async () => {
  expect((await labError(() => openZip(join(temporaryFolder(), 'none.zip')), 'data')).message).toMatch(
    /none\.zip cannot be read: there is no such file/,
  );
});

test('every truncation and every changed byte of an archive is either noticed or harmless', async () => {
  const content = 'some,text\n'.repeat(20);
  const whole = zipOf([{ name: 'a.csv', content }]);
  for (let at = 0; at < whole.length; at++) {
    const changed = Buffer.from(whole);
    changed[at]! ^= 0xff;
    const { file, folder } = archive(changed);
    const names = await unpackAll({ file, folder }).catch((error: unknown) => {
      expect(error).toMatchObject({ name: 'LabError', code: 'data' });
      return null;
    });
    if (names === null) expect(existsSync(join(folder, 'unpacked-0'))).toBe(false);
    else if (names.length > 0) expect(readFileSync(join(folder, 'unpacked-0'), 'utf8')).toBe(content);
  }
});

test('an unpacking that is cancelled ends with the reason, and leaves nothing', async () => {
  const random = Buffer.from(Array.from({ length: 2 ** 20 }, (_, index) => (index * 2654435761) >>> 24));
  const at = archive([{ name: 'a', content: random }]);
  const controller = new AbortController();
  const reason = new Error('enough');
  await expect(unpackAll(at, { signal: controller.signal, onBytes: () => controller.abort(reason) })).rejects.toBe(
    reason,
  );
  expect(readdirSync(at.folder)).toEqual(['archive.zip']);
});

test('a file that is in the way stays as it is', async () => {
  const at = archive([table]);
  writeFileSync(join(at.folder, 'unpacked-0'), 'mine');
  await labError(unpackAll(at), 'storage');
  expect(readFileSync(join(at.folder, 'unpacked-0'), 'utf8')).toBe('mine');
});
