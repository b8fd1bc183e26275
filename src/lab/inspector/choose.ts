import type { InspectedColumn, InspectorBaseline } from '../../shared/contract/inspector.ts';
import { LabError } from '../../shared/errors.ts';
import type { Run } from '../../shared/history.ts';
import type { Store } from '../store/runStore.ts';
import type { ColumnSource } from './columns.ts';
import { locateFirst, runDataIdentity, type RunDataReference } from '../data/runData.ts';
import { finishedFolder } from '../experiments/finishedFolder.ts';

/** Runs as an inspection sees them: their data, and a column for each. */
export interface ChosenColumns {
  readonly data: RunDataReference;
  readonly columns: readonly ColumnSource[];
}

/** The data of the first of these runs whose dataset is there as it was. Throws the LabError of the first where none is. */
export async function chosenData(store: Store, ids: readonly string[]): Promise<RunDataReference> {
  return (await locateFirst(store.home, distinctRuns(store, ids))).data;
}

/** A run that cannot be ranked gets a column that says why. Throws as `chosenData`. */
export async function chosenColumns(
  store: Store,
  ids: readonly string[],
  baselines: readonly InspectorBaseline[],
): Promise<ChosenColumns> {
  const runs = distinctRuns(store, ids);
  const { data, run: first } = await locateFirst(store.home, runs);
  return {
    data,
    columns: [...baselines.map((kind) => baselineColumn(kind, first)), ...runs.map((run) => runColumn(run, first))],
  };
}

function distinctRuns(store: Store, ids: readonly string[]): Run[] {
  return [...new Map(ids.map((id) => store.getRun(id)).map((run) => [run.id, run])).values()];
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
  const [own, other] = [runDataIdentity(run), runDataIdentity(first)];
  if (own.hash !== other.hash)
    throw new LabError(
      'usage',
      `It was trained on another dataset: "${own.name}", not "${other.name}".`,
      'Look into it by itself.',
    );
  if (JSON.stringify(own.split) !== JSON.stringify(other.split))
    throw new LabError(
      'usage',
      'It has another split: it was tested on other questions, and trained on some of these.',
      'Look into it by itself.',
    );
}

function problemOf({ message, fix }: LabError): NonNullable<InspectedColumn['problem']> {
  return { message, fix };
}
