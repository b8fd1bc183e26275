import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { replaceFolder, restoreReplaced } from '../../../../src/lab/files/replaceFolder.ts';
import { openHome } from '../../../../src/lab/files/home.ts';
import { temporaryFolder } from '../../../helpers/syntheticStore.ts';

function folderWith(parent: string, name: string, content: string): string {
  const folder = join(parent, name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'content'), content);
  return folder;
}

/** As a process names it that has ended. */
const aside = `.replaced-${spawnSync(process.execPath, ['--version']).pid}-data`;
const contentOf = (folder: string): string => readFileSync(join(folder, 'content'), 'utf8');

test('the new folder stands in the place of the old one, and nothing beside it', async () => {
  const parent = temporaryFolder();
  const folder = folderWith(parent, 'data', 'old');
  await replaceFolder(folder, folderWith(parent, 'new', 'new'));
  expect(contentOf(folder)).toBe('new');
  expect(readdirSync(parent)).toEqual(['data']);
});

test('where the new one cannot be put there, the old one is', async () => {
  const parent = temporaryFolder();
  const folder = folderWith(parent, 'data', 'old');
  await expect(replaceFolder(folder, join(parent, 'nowhere'))).rejects.toThrow('ENOENT');
  expect(contentOf(folder)).toBe('old');
  expect(readdirSync(parent)).toEqual(['data']);
});

test('an old folder that a process left aside when it was killed is back when the home is opened next', () => {
  const home = temporaryFolder();
  const datasets = join(home, 'datasets');
  const folder = folderWith(datasets, 'data', 'old');
  renameSync(folder, join(datasets, aside));
  openHome(home);
  expect(contentOf(folder)).toBe('old');
});

test('one that was replaced and not removed gives way', () => {
  const parent = temporaryFolder();
  folderWith(parent, 'data', 'new');
  folderWith(parent, aside, 'old');
  restoreReplaced(parent);
  expect(contentOf(join(parent, 'data'))).toBe('new');
  expect(readdirSync(parent)).toEqual(['data']);
});

test('one that another living process has only just moved aside is left to it', () => {
  const parent = temporaryFolder();
  folderWith(parent, `.replaced-${process.ppid}-data`, 'old');
  restoreReplaced(parent);
  expect(readdirSync(parent)).toEqual([`.replaced-${process.ppid}-data`]);
});

test('one that this process has aside is left to it until it gives up, and then is put back at once', async () => {
  const parent = temporaryFolder();
  const folder = folderWith(parent, 'data', 'old');
  const ownAside = join(parent, `.replaced-${process.pid}-data`);
  const replacing = replaceFolder(folder, folderWith(parent, 'new', 'new'));
  // The second renaming waits for this very thread.
  while (!existsSync(ownAside));
  restoreReplaced(parent);
  await replacing;
  expect(contentOf(folder)).toBe('new');

  renameSync(folder, ownAside);
  restoreReplaced(parent);
  expect(contentOf(folder)).toBe('new');
});
