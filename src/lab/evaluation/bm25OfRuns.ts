import type { Bm25Baseline, MetricValues } from '../../shared/comparison.ts';
import { describeError, LabError } from '../../shared/errors.ts';
import type { Run } from '../../shared/history.ts';
import { locateFirst, runDataIdentity } from '../data/runData.ts';
import type { Analyzer } from './analyzers.ts';
import type { Home } from '../files/home.ts';
import { runTask } from '../work/taskWorker.ts';
import { threads } from '../work/threads.ts';
import { bm25Task } from './bm25Task.ts';
import { meanOf, type Bm25Results } from './bm25Baseline.ts';

/** BM25 on the test questions that some runs share. Without results, `missing` says why. */
export interface Bm25OfRuns {
  readonly runs: readonly Run[];
  readonly results: Bm25Results | null;
  readonly missing: string | null;
}

/** One for each dataset and split of the runs. */
export async function bm25OfRuns(home: Home, runs: readonly Run[]): Promise<Bm25OfRuns[]> {
  const groups = Map.groupBy(runs, (run) => {
    const { hash, split } = runDataIdentity(run);
    return JSON.stringify([hash, split]);
  });
  const found: Bm25OfRuns[] = [];
  for (const group of groups.values()) found.push({ runs: group, ...(await resultsOrReason(home, group)) });
  return found;
}

/** If the dataset is missing or damaged, the table says why it has no BM25 row. */
async function resultsOrReason(home: Home, runs: readonly Run[]): Promise<Omit<Bm25OfRuns, 'runs'>> {
  try {
    const { data } = await locateFirst(home, runs);
    return { results: await runTask(threads, bm25Task, { data, cache: home.cache }), missing: null };
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    return { results: null, missing: describeError(error).replaceAll('\n', ' ') };
  }
}

/** The metrics of BM25 for each group of runs, as rows of a table. */
export async function bm25Baselines(home: Home, runs: readonly Run[]): Promise<Bm25Baseline[]> {
  const found = await bm25OfRuns(home, runs);
  return found.map(({ runs: group, results, missing }, i) => ({
    name: `BM25${found.length === 1 ? '' : ` ${i + 1}`}${results ? withAnalyzer(results.analyzer) : ''}`,
    runs: group.map(({ id }) => id),
    metrics: results && meansOf(results),
    missing,
  }));
}

/** What a name says of the analyzer; nothing of plain words. */
export function withAnalyzer(analyzer: Analyzer): string {
  return analyzer === 'words' ? '' : ` (${analyzer})`;
}

/** Means over the questions to which a metric applies. */
export function meansOf({ values }: Bm25Results): MetricValues {
  return Object.fromEntries(Object.entries(values).map(([name, all]) => [name, meanOf(all)]));
}
