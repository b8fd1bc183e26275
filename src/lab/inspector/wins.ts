import type { InspectedSide, WinList, WinRow } from '../../shared/contract/inspector.ts';
import { LabError } from '../../shared/errors.ts';
import type { QueryResults, Run } from '../../shared/history.ts';
import type { MetricName } from '../../shared/metrics.ts';
import { bm25OfRuns } from '../evaluation/bm25OfRuns.ts';
import type { Store } from '../store/runStore.ts';
import type { RunDataReference } from '../data/runData.ts';
import { chosenData } from './choose.ts';
import { mean } from '../../shared/spread.ts';

/** Two sides question by question, from the values that their evaluations have stored; nothing is computed again but BM25. */

export interface WinsQuestion {
  readonly a: InspectedSide;
  readonly b: InspectedSide;
  readonly metric: MetricName;
  /** Rows of each list. */
  readonly limit: number;
}

/** The titles of questions by their ids; null where there is none. */
export type TitlesOf = (ids: readonly string[]) => Promise<readonly (string | null)[]>;

/** Throws a `usage` LabError where a side has no values, or both have no question in common. */
export async function winList(
  store: Store,
  { a, b, metric, limit }: WinsQuestion,
  titlesOf: TitlesOf,
): Promise<WinList> {
  const [valuesA, valuesB] = [await sideValues(store, a, metric), await sideValues(store, b, metric)];
  const common = [...valuesA.keys()].filter((id) => valuesB.has(id));
  if (common.length === 0)
    throw new LabError(
      'usage',
      'These two were not tested on any common question.',
      'Choose runs of one dataset with the same split.',
    );
  const rows = common.map((question) => ({ question, a: valuesA.get(question)!, b: valuesB.get(question)! }));
  // Equal differences keep the order of the test split.
  const sorted = rows.toSorted((x, y) => difference(y) - difference(x));
  const wins = sorted.filter((row) => difference(row) > 0);
  const losses = sorted.filter((row) => difference(row) < 0);
  const [largestWins, largestLosses] = [wins.slice(0, limit), losses.slice(-limit).reverse()];
  const titles = await titlesOf([...largestWins, ...largestLosses].map(({ question }) => question));
  const titled = (row: Omit<WinRow, 'title'>, index: number): WinRow => ({ ...row, title: titles[index] ?? null });
  return {
    metric,
    meanA: mean(rows.map((row) => row.a)),
    meanB: mean(rows.map((row) => row.b)),
    questions: rows.length,
    wins: wins.length,
    ties: rows.length - wins.length - losses.length,
    losses: losses.length,
    differences: Float32Array.from(sorted, difference),
    largestWins: largestWins.map(titled),
    largestLosses: largestLosses.map((row, index) => titled(row, largestWins.length + index)),
  };
}

/** Titles of test questions of these runs; all null where their dataset is no longer there: the figures are worth seeing without. */
export function titlesFor(
  store: Store,
  runs: readonly string[],
  titles: (asked: { data: RunDataReference; ids: readonly string[] }) => Promise<(string | null)[]>,
): TitlesOf {
  return async (ids) => {
    try {
      return await titles({ data: await chosenData(store, runs), ids });
    } catch (error) {
      if (error instanceof LabError && error.code === 'data') return ids.map(() => null);
      throw error;
    }
  };
}

/** By question, the mean over the side's runs; of questions that all of them were tested on and for which the metric is defined. */
async function sideValues(store: Store, side: InspectedSide, metric: MetricName): Promise<Map<string, number>> {
  const runs = [...new Map(side.runs.map((id) => store.getRun(id)).map((run) => [run.id, run])).values()];
  const observed =
    side.kind === 'bm25'
      ? await bm25Values(store, runs, metric)
      : runs.map((run) =>
          store.perQuery(run.id, evaluatedStep(store, run, side.kind as 'recipe' | 'untrained'), metric),
        );
  const sums = new Map<string, { sum: number; count: number }>();
  for (const { question_ids, values } of observed) {
    question_ids.forEach((id, index) => {
      if (Number.isNaN(values[index]!)) return;
      const known = sums.get(id) ?? { sum: 0, count: 0 };
      sums.set(id, { sum: known.sum + values[index]!, count: known.count + 1 });
    });
  }
  return new Map(
    [...sums].flatMap(([id, { sum, count }]) => (count === observed.length ? [[id, sum / count] as const] : [])),
  );
}

/** One for each dataset and split among the runs. */
async function bm25Values({ home }: Store, runs: readonly Run[], metric: MetricName): Promise<QueryResults[]> {
  return (await bm25OfRuns(home, runs)).map(({ results, missing }) => {
    if (!results) throw new LabError('data', `BM25 has no values: ${missing}`, 'Import the original data again.');
    const values = results.values[metric];
    if (values) return { question_ids: results.question_ids, values };
    throw new LabError(
      'usage',
      `BM25 has no "${metric}": the candidates of standardised metrics depend on the batch size.`,
      'Choose a metric over all answers, such as mrr@10.',
    );
  });
}

/** The last evaluation, or that of the untrained encoder. */
function evaluatedStep(store: Store, { id }: Run, kind: 'recipe' | 'untrained'): number {
  const steps = store.evaluations(id).map(({ step }) => step);
  const found = kind === 'untrained' ? steps.find((step) => step === 0) : steps.findLast((step) => step > 0);
  if (found !== undefined) return found;
  throw new LabError(
    'usage',
    `Run ${id} was not evaluated ${kind === 'untrained' ? 'before its first step' : 'after training began'}.`,
    kind === 'untrained' ? 'Train it with eval_at_zero.' : 'Wait for its first evaluation.',
  );
}

function difference({ a, b }: { readonly a: number; readonly b: number }): number {
  return a - b;
}
