import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readEmbeddings, writeEmbeddings } from '../../../../src/lab/inspector/embeddingFile.ts';
import { temporaryFolder } from '../../../helpers/syntheticStore.ts';

const described = { key: 'a'.repeat(64), rows: 3, dimension: 2 };
const values = Float32Array.of(1, -0.5, 0.25, 0, 1e-20, 3);
const roomy = 1e9;

function stored(folder = temporaryFolder()): { folder: string; file: string } {
  writeEmbeddings(folder, described, values, roomy);
  return { folder, file: join(folder, readdirSync(folder)[0]!) };
}

test('what was written is read again, bit by bit', () => {
  const { folder } = stored();
  expect(readEmbeddings(folder, described)).toEqual(values);
  expect(readdirSync(folder)).toHaveLength(1);
});

test('nothing is found where nothing was written', () => {
  expect(readEmbeddings(join(temporaryFolder(), 'missing'), described)).toBeNull();
});

test('a torn or altered file counts as not there', () => {
  const { folder, file } = stored();
  const whole = readFileSync(file);
  for (const length of [0, 1, 255, 256, whole.length - 1]) {
    writeFileSync(file, whole.subarray(0, length));
    expect(readEmbeddings(folder, described), `cut to ${length}`).toBeNull();
  }
  for (let at = 0; at < whole.length; at += 7) {
    const altered = Buffer.from(whole);
    altered[at]! ^= 4;
    writeFileSync(file, altered);
    expect(readEmbeddings(folder, described), `byte ${at}`).toBeNull();
  }
  writeFileSync(file, whole);
  expect(readEmbeddings(folder, described)).toEqual(values);
});

test('embeddings of something else, or of another shape, are not taken for these', () => {
  const { folder } = stored();
  // Names of files hold the beginning of a key only.
  expect(readEmbeddings(folder, { ...described, key: `${'a'.repeat(63)}b` })).toBeNull();
  expect(readEmbeddings(folder, { ...described, rows: 2, dimension: 3 })).toBeNull();
});

test('what was not used for longest makes room for the newest', () => {
  const folder = temporaryFolder();
  const keys = ['b', 'c', 'd'].map((letter) => letter.repeat(64));
  const fileOf = (key: string): string => join(folder, `${key.slice(0, 32)}.embeddings`);
  const bytes = 256 + values.byteLength;
  for (const [index, key] of keys.entries()) {
    writeEmbeddings(folder, { ...described, key }, values, roomy);
    utimesSync(fileOf(key), 1000 + index, 1000 + index);
  }
  expect(readEmbeddings(folder, { ...described, key: keys[0]! })).not.toBeNull(); // used again: c is now the oldest
  writeEmbeddings(folder, described, values, 3 * bytes);
  expect(keys.map((key) => existsSync(fileOf(key)))).toEqual([true, false, true]);
  writeEmbeddings(folder, described, values, 1);
  expect(readdirSync(folder)).toHaveLength(1);
  expect(readEmbeddings(folder, described)).toEqual(values);
});

test('what a process left that ended while it wrote is taken away', () => {
  const folder = temporaryFolder();
  const leftover = join(folder, `${'e'.repeat(32)}.embeddings.99999999-0.tmp`);
  writeFileSync(leftover, 'half');
  writeEmbeddings(folder, described, values, roomy);
  expect(existsSync(leftover)).toBe(false);
});

test('a place that cannot be written is said, and nothing stays behind', () => {
  const file = join(temporaryFolder(), 'in-the-way');
  writeFileSync(file, '');
  expect(() => writeEmbeddings(file, described, values, roomy)).toThrow(
    expect.objectContaining({ name: 'LabError', code: 'storage' }),
  );
  expect(readFileSync(file, 'utf8')).toBe('');
});
