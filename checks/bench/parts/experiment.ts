import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { minimumAnswers } from '../../../src/lab/batching/registry.ts';
import type { CorpusQuestion } from '../../../src/lab/data/corpus.ts';
import { findDatasetOfRun, sampleName } from '../../../src/lab/data/findDataset.ts';
import { importDataset } from '../../../src/lab/data/importDataset.ts';
import { openHome, type Home } from '../../../src/lab/files/home.ts';
import { openStore } from '../../../src/lab/store/runStore.ts';
import { trainingJob } from '../../../src/lab/training/job.ts';
import { prepareRun, type PreparedRun } from '../../../src/lab/training/prepare.ts';
import type { Run } from '../../../src/shared/history.ts';
import { say } from '../child.ts';
import { atLeast, gigabytes, plain, type Figure } from '../figures.ts';
import type { BenchOptions, BenchPart } from '../part.ts';
import { peerBatches, peerQuestion } from '../peerQuestions.ts';
import { describePytorch, findPytorch, type Pytorch } from '../pytorch.ts';
import { bertTokenizer, missingQuestions, realPosts } from '../realQuestions.ts';
import { distilbertShape, tinyShape, type Shape } from '../shapes.ts';
import { inTemporaryFolder } from '../../harness/temporaryFolder.ts';

export const experiment: BenchPart = {
  what: "a whole experiment, and the original's way in PyTorch",
  devices: ['cpu', 'webgpu'],
  short: true,
  run,
};

/** The original's five losses. */
const presets = ['infonce_standard', 'multiple_positives_rank', 'hard_negative', 'triplet_hard_neg', 'listwise'];
const command = fileURLToPath(new URL('../../../bin/losslab.mjs', import.meta.url));

interface Plan {
  readonly shape: Shape;
  /** The settings of the runs besides their preset. */
  readonly settings: Readonly<Record<string, string | number>>;
  readonly questions: number;
  /** Number of questions whose evaluation is measured in the original's way. */
  readonly measured: number;
}

const long: Plan = {
  shape: { ...distilbertShape, layers: 2, dropout: 0.1 },
  settings: { batch_size: 32, tokenizer: bertTokenizer },
  questions: 512,
  measured: 1,
};
const short: Plan = {
  shape: { ...tinyShape, dropout: 0.1 },
  settings: { batch_size: 8, vocabulary_size: tinyShape.vocabularySize },
  questions: 40,
  measured: 1,
};

/** 512 real questions, one epoch of each loss, evaluation before and after; the short form takes some of the sample. */
async function run({ scale, device }: BenchOptions): Promise<Figure[]> {
  if (scale === 'long' && missingQuestions !== null) return [plain('experiment', missingQuestions)];
  const peer = device === 'cpu' ? await findPytorch() : 'PyTorch is measured on the CPU only';
  const plan = scale === 'long' ? long : short;
  return inTemporaryFolder(async (folder) => {
    const home = openHome(join(folder, 'home'));
    const data = scale === 'long' ? await importReal(home, plan.questions) : sampleName;
    say(`An experiment of ${presets.length} losses`);
    const started = performance.now();
    const runs = await train(home, [...argumentsFor(plan, data), '--device', device]);
    const seconds = (performance.now() - started) / 1000;
    const figures = ownFigures(home, runs, seconds, plan);
    if (typeof peer === 'string') return [...figures, plain("the original's way in PyTorch", peer)];
    return [...figures, ...(await besidePeer(peer, home, runs, seconds, plan))];
  });
}

async function importReal(home: Home, limit: number): Promise<string> {
  const { manifest } = await importDataset({
    home: home.folder,
    name: 'real',
    source: { kind: 'posts', file: realPosts },
    limit,
  });
  return manifest.name;
}

function argumentsFor({ shape, settings, questions }: Plan, data: string): string[] {
  const sizes = {
    embed_dim: shape.size,
    n_layers: shape.layers,
    n_heads: shape.heads,
    hidden_dim: shape.innerSize,
    projection_dim: shape.projection,
    dropout: shape.dropout,
  };
  const all = { ...sizes, ...settings, max_length: 128, epochs: 1, limit: questions };
  return [
    '--config',
    ...presets,
    '--data',
    data,
    '--encoder',
    'distilbert',
    ...Object.entries(all).flatMap(([key, value]) => ['--set', `${key}=${value}`]),
  ];
}

/** As users run it: one command. */
async function train(home: Home, args: readonly string[]): Promise<Run[]> {
  await promisify(execFile)(process.execPath, [command, 'train', '--home', home.folder, '--json', ...args], {
    maxBuffer: 1e8,
  });
  using store = openStore(home);
  return presets.map((_, i) => store.listRuns()[i]!).toSorted((a, b) => a.created.localeCompare(b.created));
}

function ownFigures(home: Home, runs: readonly Run[], seconds: number, { questions, shape }: Plan): Figure[] {
  using store = openStore(home);
  const training = sum(runs.map(({ training_seconds }) => training_seconds));
  // The first run evaluates the untrained encoder for all.
  const evaluating = sum(
    runs.flatMap(({ id }, i) =>
      store
        .evaluations(id)
        .filter(({ step }) => i === 0 || step > 0)
        .map((each) => each.seconds),
    ),
  );
  const parts = `training ${training.toFixed(1)} s, evaluation ${evaluating.toFixed(1)} s, everything else ${(seconds - training - evaluating).toFixed(1)} s`;
  const memory = Math.max(...runs.map(({ peak_memory_bytes }) => peak_memory_bytes ?? NaN));
  return [
    plain(
      `experiment: ${questions} questions, ${presets.length} losses, DistilBERT of ${shape.layers} layers, one epoch`,
      `${seconds.toFixed(1)} s: ${parts}; ${gigabytes(memory)}`,
    ),
  ];
}

interface PeerExperiment {
  /** Seconds of a batch, by loss. */
  readonly training: Readonly<Record<string, number>>;
  readonly evaluation: { readonly passes: number; readonly seconds: number };
  readonly allPasses: number;
  readonly peakBytes: number;
}

async function besidePeer(
  peer: Pytorch,
  home: Home,
  runs: readonly Run[],
  seconds: number,
  plan: Plan,
): Promise<Figure[]> {
  say("The same in the original's way");
  const prepared = await prepare(home, runs[0]!);
  const shares = runs.map(({ recipe }) => shareOf(prepared, recipe));
  const job = {
    shape: { ...plan.shape, vocabularySize: prepared.tokenizer.vocabularySize },
    batches: Object.fromEntries(
      shares.map(({ loss, batch }) => [loss, batch.map((question) => peerQuestion(question, prepared.idsOf))]),
    ),
    testBatches: peerBatches(prepared.test, 4 * prepared.job.configuration.training.batch_size, prepared.idsOf),
    length: 128,
    pad: prepared.tokenizer.padId,
    measured: plan.measured,
  };
  const theirs = await peer.run<PeerExperiment>('experiment.py', job);
  const perPass = theirs.evaluation.seconds / theirs.evaluation.passes;
  const evaluating = 2 * runs.length * theirs.allPasses * perPass;
  const training = shares.map(({ loss, batch, questions }) => (theirs.training[loss]! / batch.length) * questions);
  const whole = evaluating + sum(training);
  const own = runs.map(({ training_seconds }) => training_seconds);
  return [
    plain(
      "the original's way in PyTorch",
      `${whole.toFixed(0)} s: training ${sum(training).toFixed(0)} s, evaluation ${evaluating.toFixed(0)} s; ${gigabytes(theirs.peakBytes)} (${describePytorch(peer)})`,
    ),
    plain(
      'of which were measured',
      `a batch of each loss, and ${theirs.evaluation.passes} of ${2 * runs.length * theirs.allPasses} texts of the evaluations; the rest is in proportion`,
    ),
    atLeast("experiment, the original's way / LossLab", whole / seconds, 20),
    atLeast('training alone, for each question seen', sum(training) / sum(own), 2),
    plain('by loss', shares.map(({ loss }, i) => `${loss} ${(training[i]! / own[i]!).toFixed(1)}`).join(', ')),
  ];
}

/** Prepares the first run again: the same questions and tokens. */
async function prepare(home: Home, run: Run): Promise<PreparedRun> {
  const { folder } = await findDatasetOfRun(home, run);
  const silent = { phase: () => undefined, notice: () => undefined };
  return prepareRun(trainingJob(home, run, folder, { device: 'cpu', reason: '' }), silent);
}

/** The questions of a recipe: in the first batch, and in total. */
function shareOf(
  { train: all, plan }: PreparedRun,
  { loss, strategy }: Run['recipe'],
): { loss: string; batch: CorpusQuestion[]; questions: number } {
  const fits = ({ answers }: CorpusQuestion): boolean => answers.length >= minimumAnswers(strategy);
  return {
    loss: loss.name,
    batch: plan
      .epoch(0)[0]!
      .map((index) => all[index]!)
      .filter(fits),
    questions: all.filter(fits).length,
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
