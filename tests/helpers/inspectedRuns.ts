import { importDataset } from '../../src/lab/data/importDataset.ts';
import type { Store } from '../../src/lab/store/runStore.ts';
import type { Run } from '../../src/shared/history.ts';
import type { RawConfiguration } from '../../src/shared/configuration.ts';
import { finishedRun } from './finishedRun.ts';
import { temporaryFolder } from './syntheticStore.ts';
import { tinyQuestions, writeRankedJson, type TinyQuestion } from './tinyData.ts';

/** A dataset of the home and finished runs on it, with encoders of random weights: enough to look into. */
export async function inspectedRuns(
  store: Store,
  changes: readonly RawConfiguration[] = [
    { encoder: 'static', embed_dim: 8 },
    { encoder: 'static', embed_dim: 16 },
  ],
  questions: readonly TinyQuestion[] = tinyQuestions(),
): Promise<{ runs: Run[]; folder: string }> {
  const { folder, manifest } = await importDataset({
    home: store.home.folder,
    name: 'tiny',
    source: { kind: 'json', file: writeRankedJson(temporaryFolder(), questions) },
  });
  const dataset = { name: 'tiny', hash: manifest.content.sha256 };
  return {
    runs: changes.map((change) => finishedRun(store, { max_length: 16, test_size: 0.5, ...change }, dataset)),
    folder,
  };
}

/** A finished run whose evaluations have these values of `mrr@10` by question; 0 for the untrained encoder. */
export function evaluatedRun(
  store: Store,
  raw: RawConfiguration,
  dataset: { readonly name: string; readonly hash: string },
  values: ReadonlyMap<string, number>,
): Run {
  const perQuery = (of: Iterable<number>) => ({
    per_query: { question_ids: [...values.keys()], values: { 'mrr@10': Float32Array.from(of) } },
  });
  const untrained = [...values].map(() => 0);
  return finishedRun(store, raw, dataset, undefined, {
    untrained: perQuery(untrained),
    trained: perQuery(values.values()),
  });
}
