import type { DatasetDetails, DatasetSummary } from '../../../shared/contract/datasets.ts';
import { LabError } from '../../../shared/errors.ts';
import type { Experiment } from '../../../shared/history.ts';
import { deleteDataset } from '../../data/deleteDataset.ts';
import { findDataset, listAllDatasets, sampleFolder, type FoundDataset } from '../../data/findDataset.ts';
import { histogramOf } from '../../data/histogram.ts';
import { cachedProfile, type DatasetProfile } from '../../data/profile.ts';
import { verifyDataset } from '../../data/verifyDataset.ts';
import type { Implementations, ServiceContext } from '../context.ts';
import { importMethods } from './imports.ts';
import { summarise } from './summary.ts';
import type { ExperimentQueue } from '../../experiments/queue.ts';

const defaultMaxLength = 128;

export function datasetMethods(
  context: ServiceContext,
  queue: Pick<ExperimentQueue, 'status'>,
): Implementations<
  'datasets.list' | 'datasets.details' | 'datasets.preview' | 'datasets.import' | 'datasets.delete' | 'datasets.verify'
> {
  const { home, store, jobs } = context;
  const profileOf = profiles(home.cache);
  return {
    ...importMethods(context),

    'datasets.list': async () => {
      const listed = await listAllDatasets(home);
      const experiments = store.listExperiments();
      const sound = listed.filter((dataset) => 'manifest' in dataset);
      return {
        datasets: await Promise.all(sound.map((dataset) => summarise(dataset.name, dataset, experiments))),
        damaged: listed.flatMap((dataset) =>
          'error' in dataset ? [{ name: dataset.name, problem: dataset.error.message }] : [],
        ),
      };
    },

    'datasets.details': async ({ name, maxLength = defaultMaxLength }) => {
      const dataset = await findDataset(home, name);
      const summary = await summarise(name, dataset, store.listExperiments());
      return describe(summary, await profileOf(dataset), maxLength);
    },

    'datasets.delete': async ({ name }) => {
      const dataset = (await listAllDatasets(home)).find((candidate) => candidate.name === name);
      if (!dataset) throw new LabError('data', `There is no dataset "${name}".`);
      if (dataset.folder === sampleFolder)
        throw new LabError('usage', 'The sample is part of LossLab and cannot be deleted.');
      requireUnused(
        name,
        store.listExperiments().filter(({ id, state }) => state === 'running' || queue.status(id) !== null),
      );
      await deleteDataset(dataset.folder);
      context.notify({ type: 'datasets' });
      return null;
    },

    'datasets.verify': (input, connection) =>
      jobs.run(
        {
          method: 'datasets.verify',
          input,
          title: `The verification of "${input.name}"`,
          work: async ({ signal }) => verifyDataset(await findDataset(home, input.name), signal),
        },
        connection,
      ),
  };
}

function describe(summary: DatasetSummary, profile: DatasetProfile, maxLength: number): DatasetDetails {
  const { answersPerQuestion, scores, questionTokens, answerTokens, examples } = profile;
  return {
    ...summary,
    answersPerQuestion,
    scores,
    questionTokens: histogramOf(questionTokens),
    answerTokens: histogramOf(answerTokens),
    truncated: {
      questions: shareLongerThan(maxLength, questionTokens),
      answers: shareLongerThan(maxLength, answerTokens),
      maxLength,
    },
    tokenisedTexts: questionTokens.length + answerTokens.length,
    examples,
  };
}

function shareLongerThan(limit: number, lengths: readonly number[]): number {
  return lengths.length === 0 ? 0 : lengths.filter((length) => length > limit).length / lengths.length;
}

/** Screens that ask for the same profile at the same time share one computation. */
function profiles(cache: string): (dataset: FoundDataset) => Promise<DatasetProfile> {
  const underWay = new Map<string, Promise<DatasetProfile>>();
  return ({ folder, manifest }) => {
    const key = manifest.content.sha256;
    const existing = underWay.get(key);
    if (existing) return existing;
    const profile = cachedProfile(cache, folder, manifest).finally(() => underWay.delete(key));
    underWay.set(key, profile);
    return profile;
  };
}

/** `experiments`: those in training or waiting. */
function requireUnused(name: string, experiments: readonly Experiment[]): void {
  const using = experiments.filter(({ dataset }) => dataset.name === name);
  if (using.length === 0) return;
  const what = using.length === 1 ? `the experiment "${using[0]!.name}" is` : `${using.length} experiments are`;
  throw new LabError(
    'usage',
    `The dataset "${name}" cannot be deleted now: ${what} using it.`,
    'Wait until training ends, or cancel it.',
  );
}
