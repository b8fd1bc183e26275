import { LabError } from '../../../shared/errors.ts';
import type { Run } from '../../../shared/history.ts';
import { buildCorpus, type CorpusQuestion } from '../../data/corpus.ts';
import { readDataset } from '../../data/datasetFolder.ts';
import { splitQuestions } from '../../data/split.ts';
import { datasetFolderOf } from '../../data/datasetOfRun.ts';
import type { Home } from '../../files/home.ts';

/** The questions that runs are evaluated on, with the texts that they and their answers have. */
export interface TestSplit {
  readonly questions: readonly CorpusQuestion[];
  /** By the numbers that questions and answers have. */
  readonly texts: readonly string[];
}

/**
 * The test split that all of `runs` share. Throws a `usage` LabError where they do not share one or have not
 * begun, and a `data` LabError where their dataset is not here as it was.
 */
export async function sharedTestSplit(home: Home, runs: readonly Run[]): Promise<TestSplit> {
  const [first, ...others] = runs;
  const hash = splitOf(first!);
  const other = others.find((run) => splitOf(run) !== hash);
  if (other) {
    throw new LabError(
      'usage',
      `Runs ${first!.id} and ${other.id} were tested on different questions.`,
      'Take runs of one experiment whose seeds share a split.',
    );
  }
  const { limit, test_size, split_seed, seed } = first!.configuration;
  const { questions } = await readDataset(await datasetFolderOf(home, first!), { limit: limit ?? undefined });
  const corpus = buildCorpus(questions);
  const { test } = splitQuestions(corpus.questions, { testSize: test_size, seed: split_seed ?? seed });
  return { questions: test, texts: corpus.texts };
}

function splitOf({ id, start }: Run): string {
  if (start) return `${start.hashes.dataset}/${start.hashes.split}`;
  throw new LabError('usage', `Run ${id} has not been started: it has no test questions yet.`, 'Train it first.');
}
