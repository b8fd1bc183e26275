import { join } from 'node:path';
import { launcher } from '../../../src/cli/launcher.ts';
import { buildBatch } from '../../../src/lab/batching/registry.ts';
import { planEpoch } from '../../../src/lab/batching/plan.ts';
import { findDataset, sampleName } from '../../../src/lab/data/findDataset.ts';
import { importDataset } from '../../../src/lab/data/importDataset.ts';
import type { Encoder } from '../../../src/lab/encoders/encoder.ts';
import { readPreset } from '../../../src/lab/experiments/presets.ts';
import { randomStream } from '../../../src/lab/base/random.ts';
import { openHome, type Home } from '../../../src/lab/files/home.ts';
import { openStore } from '../../../src/lab/store/runStore.ts';
import { RepeatedEvaluation } from '../../../src/lab/training/evaluation.ts';
import { trainingJob, type TrainingJob } from '../../../src/lab/training/job.ts';
import { prepareRun, type PreparedRun } from '../../../src/lab/training/prepare.ts';
import { DeviceState } from '../../../src/lab/training/state.ts';
import { startTrainer } from '../../../src/lab/experiments/trainer.ts';
import { resolveConfiguration, type RawConfiguration } from '../../../src/shared/configuration.ts';
import { say } from '../child.ts';
import { atMost, percent, plain, type Figure } from '../figures.ts';
import type { BenchOptions, BenchPart } from '../part.ts';
import { bertTokenizer, missingQuestions, realPosts } from '../realQuestions.ts';
import { inTemporaryFolder } from '../../harness/temporaryFolder.ts';
import { startingState, designStep } from '../../../src/lab/training/createStep.ts';

export const padding: BenchPart = {
  what: 'work that is not needed: padding, texts encoded twice, beginnings of runs',
  devices: ['cpu'],
  short: true,
  run,
};

/** The presets that make different batches. */
const presets = ['infonce_standard', 'multiple_positives_rank', 'hard_negative', 'listwise'];

/** 512 real questions if available, otherwise those of the sample. */
async function run({ scale }: BenchOptions): Promise<Figure[]> {
  return inTemporaryFolder(async (folder) => {
    const home = openHome(join(folder, 'home'));
    const real = scale === 'long' && missingQuestions === null;
    const settings: RawConfiguration = {
      encoder: 'mini',
      max_length: 128,
      batch_size: 32,
      epochs: 1,
      limit: scale === 'long' ? 512 : 40,
      ...(real && { tokenizer: bertTokenizer }),
    };
    const data = real ? await importReal(home) : sampleName;
    say(`The beginnings of two runs on the ${data} questions`);
    const jobs = await newRuns(home, data, settings);
    const starts = [await beginningOf(home, jobs[0]!), await beginningOf(home, jobs[1]!)];
    const prepared = await prepareRun(jobs[0]!, { phase: () => undefined, notice: () => undefined });
    return [
      ...presets.flatMap((preset) => paddingOfTraining(preset, prepared)),
      await paddingOfEvaluation(prepared),
      plain('from process to first step: first run of an experiment', describe(starts[0]!)),
      plain('the same, next run, which finds tokenizer and tokens', describe(starts[1]!)),
    ];
  });
}

async function importReal(home: Home): Promise<string> {
  const { manifest } = await importDataset({
    home: home.folder,
    name: 'real',
    source: { kind: 'posts', file: realPosts },
    limit: 512,
  });
  return manifest.name;
}

// --- Padding, and texts that occur more than once -----------------------------------------------

/** An encoder that counts its input tokens and the tokens that it computes. */
function counting(encoder: Encoder): { encoder: Encoder; counts: { tokens: number; computed: number } } {
  const counts = { tokens: 0, computed: 0 };
  const feed: Encoder['feed'] = (texts) => {
    const inputs = encoder.feed(texts);
    counts.tokens += texts.reduce((sum, { length }) => sum + length, 0);
    counts.computed += inputs.token_ids!.data.length;
    return inputs;
  };
  return { encoder: { ...encoder, feed }, counts };
}

function paddingOfTraining(preset: string, { train, idsOf, encoder, job }: PreparedRun): Figure[] {
  const { batch_size: batchSize } = job.configuration.training;
  const { strategy } = resolveConfiguration(readPreset(preset)).recipe;
  const counted = counting(encoder);
  let occurrences = 0;
  let distinct = 0;
  for (const members of planEpoch(train.length, batchSize, 1, 0)) {
    const batch = buildBatch(
      strategy,
      members.map((index) => train[index]!),
      randomStream(1, 'answers'),
    );
    if (batch === null) continue;
    counted.encoder.feed(batch.texts.map(idsOf));
    occurrences += batch.kind === 'pairs' ? 2 * batch.pairs.length : 3 * batch.triplets.length;
    distinct += batch.texts.length;
  }
  const { tokens, computed } = counted.counts;
  return [
    atMost(
      `${strategy.name}: padding of what training computes`,
      1 - tokens / computed,
      0.05,
      percent(1 - tokens / computed),
    ),
    plain(`${strategy.name}: texts encoded / texts of its pairs`, percent(distinct / occurrences)),
  ];
}

async function paddingOfEvaluation({ test, idsOf, encoder, weights, job }: PreparedRun): Promise<Figure> {
  const counted = counting(encoder);
  const { batch_size: batchSize } = job.configuration.training;
  const evaluation = await RepeatedEvaluation.create(
    counted.encoder,
    { questions: test, idsOf, batchSize, seed: 1 },
    'cpu',
  );
  const state = await DeviceState.create(
    encoder,
    startingState(designStep(encoder, job.configuration, 'cpu'), weights),
    'cpu',
  );
  await evaluation.run(state.parameters);
  const { tokens, computed } = counted.counts;
  return atMost('padding of what evaluation computes', 1 - tokens / computed, 0.05, percent(1 - tokens / computed));
}

// --- The beginning of a run ---------------------------------------------------------------------

async function newRuns(home: Home, data: string, settings: RawConfiguration): Promise<TrainingJob[]> {
  using store = openStore(home);
  const { folder, manifest } = await findDataset(home, data);
  const configurations = presets.map((preset) => resolveConfiguration({ ...readPreset(preset), ...settings }));
  const experiment = store.createExperiment({
    name: 'beginnings',
    dataset: { name: manifest.name, hash: manifest.content.sha256 },
    configuration: configurations[0]!,
  });
  return configurations.map((configuration) =>
    trainingJob(home, store.createRun({ experiment: experiment.id, configuration }), folder, {
      device: 'cpu',
      reason: 'measured',
    }),
  );
}

/** Seconds from the start of its process until each of its phases, the last of which is the first step. */
async function beginningOf(home: Home, job: TrainingJob): Promise<ReadonlyMap<string, number>> {
  using store = openStore(home);
  store.claim(job.run);
  const moments = new Map<string, number>();
  const started = performance.now();
  const note = (moment: string): void =>
    void (moments.has(moment) || moments.set(moment, (performance.now() - started) / 1000));
  const trainer = startTrainer(store, job, launcher, {
    onEvent: (event) => {
      if (event.type === 'phase') note(event.phase);
      if (event.type === 'step') note('first step done');
      if (event.type === 'step') trainer.kill();
    },
  });
  await trainer.ended;
  return moments;
}

function describe(moments: ReadonlyMap<string, number>): string {
  return [...moments]
    .map(([moment, seconds]) => `${moment} ${seconds.toFixed(2)}`)
    .join(', ')
    .concat(' s');
}
