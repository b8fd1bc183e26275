import { LabError } from '../../shared/errors.ts';
import type { Run } from '../../shared/history.ts';
import type { Manifest } from '../../shared/manifest.ts';
import type { Home } from '../files/home.ts';
import { buildCorpus, type Corpus, type CorpusQuestion } from './corpus.ts';
import type { Question } from './dataset.ts';
import { readDataset } from './datasetFolder.ts';
import { findDatasetOfRun } from './findDataset.ts';
import { splitQuestions, splitSettings, type Split, type SplitSettings } from './split.ts';

/** Which data a run is trained and tested on, and where it is: any process of this machine can open it. */
export interface RunDataReference {
  /** Folder of the dataset. */
  readonly folder: string;
  readonly name: string;
  /** Hash of the dataset's content. */
  readonly hash: string;
  readonly split: SplitSettings;
}

/**
 * The data of a run: the training, validation and test questions, and the texts that the numbers in them
 * stand for. `questions` are all of them, `dataset` is what was read.
 */
export interface RunData extends Corpus, Split<CorpusQuestion> {
  readonly dataset: { readonly manifest: Manifest; readonly questions: readonly Question[] };
}

/** Throws a `data` LabError where the dataset is gone, or its content is no longer the same. */
export async function locateRunData(home: Home, run: Run): Promise<RunDataReference> {
  const { folder } = await findDatasetOfRun(home, run);
  return { folder, ...runDataIdentity(run) };
}

/** The data of the first of these runs whose dataset is there as it was. Throws the LabError of the first where none is. */
export async function locateFirst(
  home: Home,
  runs: readonly Run[],
): Promise<{ readonly data: RunDataReference; readonly run: Run }> {
  const problems: LabError[] = [];
  for (const run of runs) {
    try {
      return { data: await locateRunData(home, run), run };
    } catch (error) {
      if (!(error instanceof LabError)) throw error;
      problems.push(error);
    }
  }
  throw problems[0] ?? new LabError('usage', 'There are no runs to look into.', 'Name one or more.');
}

/** What makes the data of two runs the same, and how to name it. */
export function runDataIdentity({ dataset, configuration }: Run): Omit<RunDataReference, 'folder'> {
  return { name: dataset.name, hash: dataset.hash, split: splitSettings(configuration) };
}

/** Throws a LabError where the dataset cannot be read, or is too small to be split so. */
export async function openRunData({ folder, split }: Pick<RunDataReference, 'folder' | 'split'>): Promise<RunData> {
  const dataset = await readDataset(folder, { limit: split.limit ?? undefined });
  const corpus = buildCorpus(dataset.questions);
  return { dataset, ...corpus, ...splitQuestions(corpus.questions, split) };
}
