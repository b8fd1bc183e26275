import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { applicationFile, applicationVersion } from '../../../../src/lab/base/applicationFiles.ts';
import { deleteDataset } from '../../../../src/lab/data/deleteDataset.ts';
import { findDataset, listAllDatasets, sampleFolder } from '../../../../src/lab/data/findDataset.ts';
import { folderSize } from '../../../../src/lab/files/folderSize.ts';
import { importDataset } from '../../../../src/lab/data/importDataset.ts';
import { dataFolder, labError } from '../../../helpers/dataFiles.ts';
import { temporaryHome } from '../../../helpers/syntheticStore.ts';
import { writeRankedJson } from '../../../helpers/tinyData.ts';

test('the size of a folder is that of its files, at any depth, links left out', async () => {
  const folder = dataFolder();
  mkdirSync(join(folder, 'a', 'b'), { recursive: true });
  writeFileSync(join(folder, 'one'), 'x'.repeat(10));
  writeFileSync(join(folder, 'a', 'b', 'two'), 'x'.repeat(20));
  symlinkSync(join(folder, 'one'), join(folder, 'link'));
  expect(await folderSize(folder)).toBe(30);
  expect(await folderSize(join(folder, 'missing'))).toBe(0);
});

test('a deleted dataset leaves nothing', async () => {
  const folder = dataFolder();
  mkdirSync(join(folder, 'gone'));
  writeFileSync(join(folder, 'gone', 'questions.jsonl'), '{}');
  await deleteDataset(join(folder, 'gone'));
  expect(readdirSync(folder)).toEqual([]);
  await labError(deleteDataset(join(folder, 'gone')), 'storage');
});

test('the sample is a dataset of every home, unless another has its name', async () => {
  const home = temporaryHome();
  expect(await findDataset(home, 'sample')).toMatchObject({ folder: sampleFolder });
  await importDataset({
    home: home.folder,
    name: 'sample',
    source: { kind: 'json', file: writeRankedJson(dataFolder()) },
  });
  expect(await findDataset(home, 'sample')).toMatchObject({ folder: join(home.datasets, 'sample') });
  expect(await listAllDatasets(home)).toHaveLength(1);
  expect((await labError(findDataset(home, 'other'), 'data')).fix).toContain('Datasets: sample.');
});

test('shipped files are found from wherever the code runs', () => {
  expect(existsSync(applicationFile('resources', 'sample', 'manifest.json'))).toBe(true);
  expect(applicationVersion()).toMatch(/^\d+\.\d+\.\d+/);
});
