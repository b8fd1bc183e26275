import type { InspectedColumn, InspectorBaseline } from '../../shared/contract/inspector.ts';
import { LabError } from '../../shared/errors.ts';
import type { Run } from '../../shared/history.ts';
import { datasetFolderOf } from '../data/datasetOfRun.ts';
import type { Store } from '../store/runStore.ts';
import type { ColumnSource } from './columns.ts';
import type { SplitReference } from '../evaluation/inspectedSplit.ts';
import { finishedFolder } from '../experiments/finishedFolder.ts';

/** Runs as an inspection sees them: the split that is looked at, and a column for each. */
export interface ChosenColumns {
  readonly split: SplitReference;
  readonly columns: readonly ColumnSource[];
}

/** The split of the first of these runs whose dataset is there as it was. Throws the LabError of the first where none is. */
export async function chosenSplit(store: Store, ids: readonly string[]): Promise<SplitReference> {
  return (await locateSplit(store, distinctRuns(store, ids))).split;
}

/** A run that cannot be ranked gets a column that says why. Throws as `chosenSplit`. */
export async function chosenColumns(
  store: Store,
  ids: readonly string[],
  baselines: readonly InspectorBaseline[],
): Promise<ChosenColumns> {
  const runs = distinctRuns(store, ids);
  const { split, run: first } = await locateSplit(store, runs);
  return {
    split,
    columns: [...baselines.map((kind) => baselineColumn(kind, first)), ...runs.map((run) => runColumn(run, first))],
  };
}

function distinctRuns(store: Store, ids: readonly string[]): Run[] {
  return [...new Map(ids.map((id) => store.getRun(id)).map((run) => [run.id, run])).values()];
}

async function locateSplit(
  { home }: Store,
  runs: readonly Run[],
): Promise<{ readonly split: SplitReference; readonly run: Run }> {
  const problems: LabError[] = [];
  for (const run of runs) {
    try {
      return { split: { folder: await datasetFolderOf(home, run), ...conditionsOf(run) }, run };
    } catch (error) {
      if (!(error instanceof LabError)) throw error;
      problems.push(error);
    }
  }
  throw problems[0] ?? new LabError('usage', 'There are no runs to look into.', 'Name one or more.');
}

/** What decides on which questions a run was tested. */
function conditionsOf({ dataset, configuration, seed }: Run): Omit<SplitReference, 'folder'> {
  return {
    content: dataset.hash,
    name: dataset.name,
    limit: configuration.limit,
    testSize: configuration.test_size,
    seed: configuration.split_seed ?? seed,
  };
}

function baselineColumn(kind: InspectorBaseline, { configuration, seed, start }: Run): ColumnSource {
  if (kind === 'bm25') return { key: kind, kind, name: 'BM25', seed: null, bm25: true };
  return {
    key: kind,
    kind,
    name: 'untrained',
    seed,
    encoder: { kind: 'untrained', configuration, weights: start?.hashes.weights ?? null },
  };
}

function runColumn(run: Run, first: Run): ColumnSource {
  const column = { key: run.id, kind: 'run', name: run.name, seed: run.seed } as const;
  try {
    requireSameQuestions(run, first);
    return {
      ...column,
      encoder: { kind: 'finished', folder: finishedFolder(run), configuration: run.configuration.encoder },
    };
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    return { ...column, problem: problemOf(error) };
  }
}

function requireSameQuestions(run: Run, first: Run): void {
  const [{ content, name: _, ...split }, { content: firstContent, name: firstName, ...firstSplit }] = [
    conditionsOf(run),
    conditionsOf(first),
  ];
  if (content !== firstContent)
    throw new LabError(
      'usage',
      `It was trained on another dataset: "${run.dataset.name}", not "${firstName}".`,
      'Look into it by itself.',
    );
  if (JSON.stringify(split) !== JSON.stringify(firstSplit))
    throw new LabError(
      'usage',
      'It was tested on other questions: its split is another one, and some of these questions are among those that it was trained on.',
      'Look into it by itself.',
    );
}

function problemOf({ message, fix }: LabError): NonNullable<InspectedColumn['problem']> {
  return { message, fix };
}
