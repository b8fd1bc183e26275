import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { importDataset } from '../../../../src/lab/data/importDataset.ts';
import { locateRunData } from '../../../../src/lab/data/runData.ts';
import { bm25Results } from '../../../../src/lab/evaluation/bm25Baseline.ts';
import { bm25Baselines } from '../../../../src/lab/evaluation/bm25OfRuns.ts';
import { openStore, type Store } from '../../../../src/lab/store/runStore.ts';
import { resolveConfiguration, type RawConfiguration } from '../../../../src/shared/configuration.ts';
import type { Run } from '../../../../src/shared/history.ts';
import { temporaryFolder, temporaryHome, temporaryStore } from '../../../helpers/syntheticStore.ts';
import { writeRankedJson } from '../../../helpers/tinyData.ts';

async function tinyDataset(store: Store): Promise<{ name: string; hash: string; folder: string }> {
  const { folder, manifest } = await importDataset({
    home: store.home.folder,
    name: 'tiny',
    source: { kind: 'json', file: writeRankedJson(temporaryFolder()) },
  });
  return { name: 'tiny', hash: manifest.content.sha256, folder };
}

function run(store: Store, dataset: { name: string; hash: string }, raw: RawConfiguration): Run {
  const configuration = resolveConfiguration(raw);
  const { id } = store.createExperiment({
    name: 'Tiny',
    dataset: { name: dataset.name, hash: dataset.hash },
    configuration,
  });
  return store.createRun({ experiment: id, configuration });
}

test('runs of one split share a row, whose metrics are means over the questions', async () => {
  const store = temporaryStore();
  const dataset = await tinyDataset(store);
  const runs = [1, 2].map((seed) => run(store, dataset, { seed, split_seed: 7 }));
  const [row, ...others] = await bm25Baselines(store.home, runs);
  expect(others).toEqual([]);
  expect(row).toMatchObject({ name: 'BM25', runs: runs.map(({ id }) => id), missing: null });
  const { values } = await bm25Results(await locateRunData(store.home, runs[0]!), store.home.cache);
  const mrr = [...values['mrr@10']!];
  expect(row!.metrics!['mrr@10']).toBeCloseTo(mrr.reduce((sum, value) => sum + value, 0) / mrr.length, 6);
  expect(row!.metrics!['mrr@10']).toBeGreaterThan(0);
  expect(Object.keys(row!.metrics!).some((name) => name.startsWith('standardized/'))).toBe(false);
});

test('a dataset folder outside the home has one, too, and so has a run beside it whose folder is gone', async () => {
  const store = temporaryStore();
  const dataset = await tinyDataset(store);
  const outside = join(temporaryFolder(), 'outside');
  renameSync(dataset.folder, outside);
  const runs = [join(temporaryFolder(), 'gone'), outside].map((data_path) =>
    run(store, dataset, { seed: 1, data_path }),
  );
  const [row, ...others] = await bm25Baselines(store.home, runs);
  expect(others).toEqual([]);
  expect(row).toMatchObject({ runs: runs.map(({ id }) => id), missing: null });
  expect(row!.metrics!['mrr@10']).toBeGreaterThan(0);
});

test('each split has its own', async () => {
  const store = temporaryStore();
  const dataset = await tinyDataset(store);
  const rows = await bm25Baselines(store.home, [run(store, dataset, { seed: 1 }), run(store, dataset, { seed: 2 })]);
  expect(rows.map(({ name, runs }) => [name, runs.length])).toEqual([
    ['BM25 1', 1],
    ['BM25 2', 1],
  ]);
});

test('whoever waits can go on meanwhile', async () => {
  const store = temporaryStore();
  const runs = [run(store, await tinyDataset(store), { seed: 1 })];
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  await bm25Baselines(store.home, runs);
  clearInterval(timer);
  expect(turns).toBeGreaterThan(3);
});

test('without the dataset, or with a damaged one, it says why there is none', async () => {
  const store = openStore(temporaryHome());
  const dataset = await tinyDataset(store);
  const gone = run(store, { name: 'gone', hash: 'f'.repeat(64) }, { seed: 1 });
  expect(await bm25Baselines(store.home, [gone])).toEqual([
    {
      name: 'BM25',
      runs: [gone.id],
      metrics: null,
      missing: 'There is no dataset "gone". Datasets: sample, tiny. Import one to add it.',
    },
  ]);
  writeFileSync(join(dataset.folder, 'questions.jsonl'), 'not JSON\n');
  const [damaged] = await bm25Baselines(store.home, [run(store, dataset, { seed: 1 })]);
  expect(damaged!.metrics).toBeNull();
  expect(damaged!.missing).toContain('questions.jsonl');
  store.close();
});
