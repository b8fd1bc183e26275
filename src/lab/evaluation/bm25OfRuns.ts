import type { Bm25Baseline, MetricValues } from '../../shared/comparison.ts';
import { describeError, LabError } from '../../shared/errors.ts';
import type { Run } from '../../shared/history.ts';
import { listAllDatasets } from '../data/findDataset.ts';
import type { Home } from '../files/home.ts';
import { bm25Apart } from './bm25Apart.ts';
import type { Bm25Results } from './bm25Baseline.ts';

/** BM25 on the test questions that some runs share; without results where `missing` says why. */
export interface Bm25OfRuns {
  readonly runs: readonly Run[];
  readonly results: Bm25Results | null;
  readonly missing: string | null;
}

/** One for each dataset and split among the runs. */
export async function bm25OfRuns(home: Home, runs: readonly Run[]): Promise<Bm25OfRuns[]> {
  const splitOf = ({ configuration: { limit, test_size, split_seed }, seed }: Run) => ({
    limit,
    testSize: test_size,
    seed: split_seed ?? seed,
  });
  const groups = Map.groupBy(runs, (run) => JSON.stringify([run.dataset.hash, splitOf(run)]));
  const datasets = await listAllDatasets(home);
  const found: Bm25OfRuns[] = [];
  for (const group of groups.values()) {
    const {
      dataset: { name, hash },
    } = group[0]!;
    const dataset = datasets.find((each) => 'manifest' in each && each.manifest.content.sha256 === hash);
    if (dataset && 'manifest' in dataset)
      found.push({
        runs: group,
        ...(await resultsOrReason({ dataset, split: splitOf(group[0]!), cache: home.cache })),
      });
    else found.push({ runs: group, results: null, missing: `the dataset "${name}" is no longer here as it was.` });
  }
  return found;
}

/** A dataset that has been damaged since takes BM25 out of a table, and not the table away. */
async function resultsOrReason(
  task: Parameters<typeof bm25Apart>[0],
): Promise<Pick<Bm25OfRuns, 'results' | 'missing'>> {
  try {
    return { results: await bm25Apart(task), missing: null };
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    return { results: null, missing: describeError(error).replaceAll('\n', ' ') };
  }
}

/** As rows of a table: BM25's metrics for each group of runs. */
export async function bm25Baselines(home: Home, runs: readonly Run[]): Promise<Bm25Baseline[]> {
  const found = await bm25OfRuns(home, runs);
  return found.map(({ runs: group, results, missing }, i) => ({
    name: found.length === 1 ? 'BM25' : `BM25 ${i + 1}`,
    runs: group.map(({ id }) => id),
    metrics: results && meansOf(results),
    missing,
  }));
}

/** Means over the questions to which a metric applies. */
function meansOf({ values }: Bm25Results): MetricValues {
  return Object.fromEntries(
    Object.entries(values).map(([name, all]) => {
      const known = all.filter((value) => !Number.isNaN(value));
      return [name, known.reduce((sum, value) => sum + value, 0) / known.length];
    }),
  );
}
