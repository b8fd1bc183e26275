import { cpSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findDatasetOfRun, manifestOfRun, sampleFolder } from '../../../../src/lab/data/findDataset.ts';
import { readManifest } from '../../../../src/lab/data/datasetFolder.ts';
import { importDataset } from '../../../../src/lab/data/importDataset.ts';
import { locateFirst, locateRunData, openRunData } from '../../../../src/lab/data/runData.ts';
import type { Store } from '../../../../src/lab/store/runStore.ts';
import { resolveConfiguration, type RawConfiguration } from '../../../../src/shared/configuration.ts';
import type { Run } from '../../../../src/shared/history.ts';
import { labError } from '../../../helpers/dataFiles.ts';
import { temporaryFolder, temporaryStore } from '../../../helpers/syntheticStore.ts';
import { tinyQuestions, writeRankedJson } from '../../../helpers/tinyData.ts';

async function tinyDataset(store: Store, name: string, count?: number): Promise<{ folder: string; hash: string }> {
  const { folder, manifest } = await importDataset({
    home: store.home.folder,
    name,
    source: { kind: 'json', file: writeRankedJson(temporaryFolder(), tinyQuestions(count)) },
    replace: true,
  });
  return { folder, hash: manifest.content.sha256 };
}

function runOn(store: Store, dataset: Run['dataset'], raw: RawConfiguration = {}): Run {
  const configuration = resolveConfiguration(raw);
  const { id } = store.createExperiment({ name: 'Tiny', dataset, configuration });
  return store.createRun({ experiment: id, configuration });
}

describe('the dataset of a run', () => {
  test('is found by its name, or by its content under another name', async () => {
    const store = temporaryStore();
    const { folder, hash } = await tinyDataset(store, 'tiny');
    const run = runOn(store, { name: 'tiny', hash });
    expect((await findDatasetOfRun(store.home, run)).folder).toBe(folder);
    renameSync(folder, join(store.home.datasets, 'renamed'));
    expect((await findDatasetOfRun(store.home, run)).folder).toBe(join(store.home.datasets, 'renamed'));
  });

  test('is found in the folder that data_path names, or in the home where that folder has other content', async () => {
    const store = temporaryStore();
    const { folder, hash } = await tinyDataset(store, 'tiny');
    const outside = join(temporaryFolder(), 'outside');
    cpSync(folder, outside, { recursive: true });
    expect(
      (await findDatasetOfRun(store.home, runOn(store, { name: 'tiny', hash }, { data_path: outside }))).folder,
    ).toBe(outside);
    const elsewhere = runOn(store, { name: 'tiny', hash }, { data_path: sampleFolder });
    expect((await findDatasetOfRun(store.home, elsewhere)).folder).toBe(folder);
  });

  test('that is gone, damaged or of other content is refused', async () => {
    const store = temporaryStore();
    const gone = runOn(store, { name: 'gone', hash: 'f'.repeat(64) });
    expect((await labError(findDatasetOfRun(store.home, gone), 'data')).message).toBe('There is no dataset "gone".');
    expect(await manifestOfRun(store.home, gone)).toBeNull();
    const { folder, hash } = await tinyDataset(store, 'tiny');
    const run = runOn(store, { name: 'tiny', hash });
    expect((await manifestOfRun(store.home, run))?.content.sha256).toBe(hash);
    await tinyDataset(store, 'tiny', 20);
    expect((await labError(findDatasetOfRun(store.home, run), 'data')).message).toContain('its content has changed');
    writeFileSync(join(folder, 'manifest.json'), '{');
    expect((await labError(findDatasetOfRun(store.home, run), 'data')).message).toContain('manifest.json is not JSON');
  });

  test('of several runs is that of the first whose dataset is there', async () => {
    const store = temporaryStore();
    const gone = runOn(store, { name: 'gone', hash: 'f'.repeat(64) });
    const { folder, hash } = await tinyDataset(store, 'tiny');
    const there = runOn(store, { name: 'tiny', hash }, { seed: 5 });
    const { run, data } = await locateFirst(store.home, [gone, there]);
    expect(run.id).toBe(there.id);
    expect(data).toEqual({
      folder,
      name: 'tiny',
      hash,
      split: { limit: null, validationSize: 0, testSize: 0.2, seed: 5, method: 'losslab' },
    });
    expect((await labError(locateFirst(store.home, [gone]), 'data')).message).toContain('"gone"');
    await labError(locateFirst(store.home, []), 'usage');
  });
});

test('the data of a run is its dataset, its texts, and every question on one side', async () => {
  const store = temporaryStore();
  const { content } = await readManifest(sampleFolder);
  const run = runOn(store, { name: 'sample', hash: content.sha256 }, { limit: 60, seed: 7, split_seed: 42 });
  const data = await openRunData(await locateRunData(store.home, run));
  expect(data.dataset.manifest.content.sha256).toBe(content.sha256);
  expect([data.train.length, data.validation.length, data.test.length]).toEqual([48, 0, 12]);
  expect(new Set([...data.train, ...data.test])).toEqual(new Set(data.questions));
  expect(data.hash).toBe('30c3575e224b48ebcfdaaf109e6bc4b7e3d75c7549634c5d841cffbe1faf1d9c');
  const [first] = data.dataset.questions;
  expect(data.texts[data.questions[0]!.text]).toBe(`${first!.title} ${first!.body}`);
});
