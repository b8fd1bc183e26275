import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { datasetOfPath, restoreDatasetOfRun } from '../../../../src/lab/data/datasetOfPath.ts';
import { sampleFolder } from '../../../../src/lab/data/findDataset.ts';
import { resolveConfiguration } from '../../../../src/shared/configuration.ts';
import { labError } from '../../../helpers/dataFiles.ts';
import { temporaryFolder, temporaryHome, temporaryStore } from '../../../helpers/syntheticStore.ts';
import { tinyQuestions, writeRankedJson } from '../../../helpers/tinyData.ts';

test('a file is imported once, and again on request; a dataset folder is used as it is', async () => {
  const home = temporaryHome();
  const imported: string[] = [];
  const open = (path: string, force = false) => datasetOfPath(home, path, force, (name) => void imported.push(name));
  const file = writeRankedJson(temporaryFolder());
  const { folder, manifest } = await open(file);
  expect(folder).toBe(join(home.datasets, manifest.name));
  expect(manifest.name).toMatch(/^ranked_qa-[0-9a-f]{8}$/);
  expect((await open(file)).folder).toBe(folder);
  expect(imported).toEqual([manifest.name]);
  await open(file, true);
  expect(imported).toEqual([manifest.name, manifest.name]);
  expect(await open(sampleFolder)).toMatchObject({ folder: sampleFolder, manifest: { name: 'sample' } });
  expect((await labError(open('/nowhere/x.json'), 'data')).message).toBe('data_path "/nowhere/x.json" does not exist.');
});

test('the dataset of a run that is gone is imported again from its file, unless that is another one now', async () => {
  const store = temporaryStore();
  const file = writeRankedJson(temporaryFolder());
  const imported: string[] = [];
  const { folder, manifest } = await datasetOfPath(store.home, file, false, () => undefined);
  const configuration = resolveConfiguration({ data_path: file });
  const dataset = { name: manifest.name, hash: manifest.content.sha256 };
  const { id } = store.createExperiment({ name: 'Tiny', dataset, configuration });
  const run = store.createRun({ experiment: id, configuration });
  const restore = () => restoreDatasetOfRun(store.home, run, (name) => void imported.push(name));
  expect((await restore()).folder).toBe(folder);
  expect(imported).toEqual([]);
  rmSync(folder, { recursive: true });
  expect((await restore()).folder).toBe(folder);
  expect(imported).toEqual([manifest.name]);
  rmSync(folder, { recursive: true });
  writeFileSync(file, '[]');
  expect((await labError(restore(), 'data')).message).toBe(`There is no dataset "${manifest.name}".`);
  expect(imported).toEqual([manifest.name]);
});

test('a run whose data_path is a file of other data finds its own dataset by name', async () => {
  const store = temporaryStore();
  const { manifest, folder } = await datasetOfPath(
    store.home,
    writeRankedJson(temporaryFolder()),
    false,
    () => undefined,
  );
  const other = writeRankedJson(temporaryFolder(), tinyQuestions(20));
  const configuration = resolveConfiguration({ data_path: other });
  const dataset = { name: manifest.name, hash: manifest.content.sha256 };
  const { id } = store.createExperiment({ name: 'Tiny', dataset, configuration });
  const run = store.createRun({ experiment: id, configuration });
  const found = await restoreDatasetOfRun(store.home, run, (name) => expect.unreachable(`imports ${name}`));
  expect(found.folder).toBe(folder);
});
