import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { entryFile } from '../../../../src/lab/base/entryFile.ts';
import { processEntries } from '../../../../src/lab/work/entries.ts';

test.each(Object.entries(processEntries))('%s begins with a file that is there', (_name, file) => {
  expect(existsSync(file)).toBe(true);
});

test('an entry has the ending of the module that names it', () => {
  expect(entryFile('./thread', 'file:///lab/src/apart.ts').href).toBe('file:///lab/src/thread.ts');
  expect(entryFile('../trainer/main', 'file:///lab/out/cli/launcher.js').href).toBe('file:///lab/out/trainer/main.js');
});
