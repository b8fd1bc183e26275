import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { exportJson } from '../../../../src/lab/data/exportJson.ts';
import { makeWorkFolder } from '../../../../src/lab/files/storage.ts';
import { answersHeader, answerRows, dataFile, dataFolder, importPair, labError } from '../../../helpers/dataFiles.ts';

/** From now on every write through a file handle fails as on a full disk. */
async function fillDisk(): Promise<void> {
  const handle = await open(dataFile('any', 'x'), 'r');
  const prototype = Object.getPrototypeOf(handle) as typeof handle;
  await handle.close();
  const full = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
  const spy = vi.spyOn(prototype, 'writeFile').mockRejectedValue(full);
  onTestFinished(() => spy.mockRestore());
}

describe('a dataset that is there already', () => {
  test('is not touched unless that was asked for', async () => {
    const { home, folder, manifest } = await importPair({});
    const error = await labError(importPair({}, { home }), 'usage');
    expect(error.message).toContain('A dataset "test" already exists');
    const replaced = await importPair({ answers: answersHeader + answerRows(3) }, { home, replace: true });
    expect(replaced.folder).toBe(folder);
    expect([manifest.counts.questions, replaced.questions.length]).toEqual([5, 3]);
    expect(readdirSync(join(home, 'datasets'))).toEqual(['test']);
  });

  test('survives an import that fails', async () => {
    const { home, folder } = await importPair({});
    const before = readFileSync(join(folder, 'questions.jsonl'), 'utf8');
    await labError(importPair({ answers: 'no,such,columns\n' }, { home, replace: true }), 'data');
    expect(readFileSync(join(folder, 'questions.jsonl'), 'utf8')).toBe(before);
    expect(readdirSync(join(home, 'datasets'))).toEqual(['test']);
  });
});

describe('a home folder that cannot be written to', () => {
  test('a file stands where a folder should', async () => {
    const error = await labError(importPair({}, { home: dataFile('home', 'a file') }), 'storage');
    expect(error.message).toMatch(/Cannot write to .*(is a file|in the way)/);
  });

  test.skipIf(process.getuid?.() === 0 || process.platform === 'win32')(
    'read-only (not tested as root, whom nothing stops)',
    async () => {
      const home = dataFolder();
      chmodSync(home, 0o555);
      expect((await labError(importPair({}, { home }), 'storage')).message).toContain('no permission');
    },
  );

  test.skipIf(process.platform !== 'linux')('a file system that takes no folders', async () => {
    const error = await labError(importPair({}, { home: '/sys/losslab' }), 'storage');
    expect(error.message).toContain('Cannot write to /sys/losslab');
  });

  test('too little free space is said before anything is written, with both figures', async () => {
    const folder = dataFolder();
    const error = await labError(makeWorkFolder(folder, 1e18), 'storage');
    expect(error.message).toMatch(/^Work in progress needs 1,000,000 TB in .*; its disk has [\d.]+ [kMGT]?B free\.$/);
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('a disk that is full in the middle', () => {
  test('of an import: said plainly, the old dataset stays, nothing is left behind', async () => {
    const { home, folder } = await importPair({});
    await fillDisk();
    const error = await labError(importPair({}, { home, replace: true }), 'storage');
    expect(error.message).toBe(`Cannot write to ${folder}: the disk is full.`);
    expect(readdirSync(join(home, 'datasets'))).toEqual(['test']);
    expect(readdirSync(folder).sort()).toEqual(['manifest.json', 'questions.jsonl']);
  });

  test('of an export: the old file stays', async () => {
    const { questions } = await importPair({});
    const folder = dataFolder();
    const path = join(folder, 'out.json');
    writeFileSync(path, 'old');
    await fillDisk();
    expect((await labError(exportJson(questions, path), 'storage')).message).toContain('the disk is full');
    expect(readFileSync(path, 'utf8')).toBe('old');
    expect(readdirSync(folder)).toEqual(['out.json']);
  });
});

test('names that would leave the folder of datasets are refused before anything is made', async () => {
  const home = dataFolder();
  mkdirSync(join(home, 'datasets'));
  await labError(importPair({}, { home, name: '../outside' }), 'usage');
  expect(readdirSync(home)).toEqual(['datasets']);
});
