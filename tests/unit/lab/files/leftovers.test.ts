import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { writeAtomically } from '../../../../src/lab/files/atomicFile.ts';
import { exportJson } from '../../../../src/lab/data/exportJson.ts';
import { makeWorkFolder } from '../../../../src/lab/files/storage.ts';
import { temporaryFolder } from '../../../helpers/syntheticStore.ts';

/* What a process leaves that is ended while it writes goes when the next one writes there. What a living one writes stays. */

const dead = spawnSync(process.execPath, ['-e', '']).pid;

test('work folders: those of this machine whose process has ended', async () => {
  const folder = temporaryFolder();
  const [left, living, elsewhere, own] = [
    `.writing-${hostname()}-${dead}-aB3dE6`,
    `.writing-${hostname()}-${process.ppid}-aB3dE6`,
    `.writing-other-machine-${dead}-aB3dE6`,
    '.writing-by-hand',
  ];
  for (const name of [left, living, elsewhere, own]) mkdirSync(join(folder, name, 'dataset'), { recursive: true });
  const made = await makeWorkFolder(folder, 0);
  expect(readdirSync(folder).sort()).toEqual([basename(made), living, elsewhere, own].sort());
  await makeWorkFolder(folder, 0);
  expect(readdirSync(folder)).toContain(basename(made));
});

test.each([
  ['atomically', (file: string) => Promise.resolve(writeAtomically(file, ['new']))],
  ['as an export', (file: string) => exportJson([], file)],
])('temporary files of a file that is written again %s, and of no other', async (_, write) => {
  const folder = temporaryFolder();
  const [left, living, another] = [
    `file.json.${dead}-3.tmp`,
    `file.json.${process.ppid}-3.tmp`,
    `other.json.${dead}-0.tmp`,
  ];
  for (const name of [left, living, another]) writeFileSync(join(folder, name), 'half');
  await write(join(folder, 'file.json'));
  expect(readdirSync(folder).sort()).toEqual(['file.json', living, another]);
});
