import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeAtomically } from '../../../../src/lab/files/atomicFile.ts';
import { temporaryFolder } from '../../../helpers/syntheticStore.ts';

test('texts and bytes stand in the file in their order, however long they are', () => {
  const file = join(temporaryFolder(), 'mixed');
  const parts = [
    'a',
    'ä\n',
    Uint8Array.of(0, 255),
    '',
    'x'.repeat(70_000),
    'y',
    new Uint8Array(0),
    Uint8Array.of(7),
    ...Array.from({ length: 30_000 }, (_, i) => `line ${i}\n`),
  ];
  writeAtomically(file, parts);
  expect(readFileSync(file)).toEqual(Buffer.concat(parts.map((part) => Buffer.from(part as string))));
});

test('an empty file is a file', () => {
  const file = join(temporaryFolder(), 'empty');
  writeAtomically(file, []);
  expect(readFileSync(file, 'utf8')).toBe('');
});

test('where its parts cannot be made, the file stays as it was, and nothing beside it', () => {
  const folder = temporaryFolder();
  const file = join(folder, 'kept');
  writeFileSync(file, 'old');
  function* parts(): Generator<string> {
    yield 'n'.repeat(100_000);
    throw new Error('no more');
  }
  expect(() => writeAtomically(file, parts())).toThrow('no more');
  expect(readFileSync(file, 'utf8')).toBe('old');
  expect(readdirSync(folder)).toEqual(['kept']);
});
