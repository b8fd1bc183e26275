import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeCacheFile } from '../../../../src/lab/files/cacheFile.ts';
import { temporaryFolder } from '../../../helpers/syntheticStore.ts';

test('a file is kept in a folder that is made for it; where it cannot be, the file is named', () => {
  const folder = temporaryFolder();
  const file = join(folder, 'kind', 'key');
  writeCacheFile(file, ['kept']);
  expect(readFileSync(file, 'utf8')).toBe('kept');
  writeFileSync(join(folder, 'in-the-way'), '');
  const blocked = join(folder, 'in-the-way', 'key');
  expect(() => writeCacheFile(blocked, [])).toThrow(`Cannot write to ${blocked}: `);
});
