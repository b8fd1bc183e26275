import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { openHome } from '../../../src/lab/files/home.ts';
import { openStore, type Store } from '../../../src/lab/store/runStore.ts';
import { randomStream } from '../../../src/lab/base/random.ts';
import { resolveConfiguration } from '../../../src/shared/configuration.ts';
import type { EvaluationEvent } from '../../../src/shared/events.ts';
import { say } from '../child.ts';
import { median, under, type Figure } from '../figures.ts';
import type { BenchPart } from '../part.ts';
import { inTemporaryFolder } from '../../harness/temporaryFolder.ts';

/**
 * The whole process of `losslab verdict`: 20 recipes and the untrained encoder, tested on the same 10,000 questions.
 */
const recipes = 20;
const questionCount = 10_000;
const questions = Array.from({ length: questionCount }, (_, index) => `q${index}`);
const command = fileURLToPath(new URL('../../../bin/losslab.mjs', import.meta.url));

export const verdict: BenchPart = { what: 'losslab verdict over many runs', devices: ['cpu'], short: false, run };

async function run(): Promise<Figure[]> {
  say('The verdict over 20 runs');
  const seconds = median(await timeVerdicts(3));
  return [
    under(
      'losslab verdict: 20 runs and the untrained encoder × 10,000 test questions',
      seconds,
      5,
      's',
      seconds.toFixed(1),
    ),
  ];
}

/** Seconds of each of `times` runs of the command. */
async function timeVerdicts(times: number): Promise<number[]> {
  return inTemporaryFolder(async (home) => {
    writeRecipes(home);
    const seconds: number[] = [];
    for (let i = 0; i < times; i++) seconds.push(await timeVerdict(home));
    return seconds;
  });
}

async function timeVerdict(home: string): Promise<number> {
  const started = performance.now();
  const { stdout } = await promisify(execFile)(process.execPath, [command, 'verdict', '--home', home, '--json'], {
    maxBuffer: 1e8,
  });
  const seconds = (performance.now() - started) / 1000;
  const { contestants, pairs } = JSON.parse(stdout) as { contestants: unknown[]; pairs: unknown[] };
  if (contestants.length !== recipes + 1 || pairs.length !== (recipes * (recipes + 1)) / 2)
    throw new Error(`The verdict judged ${contestants.length} contestants in ${pairs.length} pairs.`);
  return seconds;
}

function writeRecipes(home: string): void {
  using store = openStore(openHome(home));
  const configurations = Array.from({ length: recipes }, (_, index) =>
    resolveConfiguration({ name: `Recipe ${index + 1}`, temperature: 0.05 + index / 100 }),
  );
  const experiment = store.createExperiment({
    name: 'made-up',
    dataset: { name: 'made-up', hash: 'd'.repeat(64) },
    configuration: configurations[0]!,
  });
  configurations.forEach((configuration, index) =>
    writeRun(store, store.createRun({ experiment: experiment.id, configuration }).id, index),
  );
}

function writeRun(store: Store, run: string, number: number): void {
  store.claim(run);
  store.record(
    run,
    {
      run,
      type: 'started',
      device: 'cpu',
      device_reason: 'made up',
      parameters: 1e6,
      steps: 100,
      steps_per_epoch: 20,
      hashes: { dataset: 'd', split: 's', plan: 'p', weights: 'w', tokenizer: 't' },
      resumed_at: 0,
      train_questions: 40_000,
      test_questions: questionCount,
    },
    evaluation(run, 0, 0.3, -1),
    evaluation(run, 100, 0.4 + number / 200, number),
    { run, type: 'finished', step: 100, training_seconds: 100, encoder: '/nowhere', peak_memory_bytes: 1e9 },
  );
}

/** Reciprocal ranks, which rise with `level`. */
function evaluation(run: string, step: number, level: number, number: number): EvaluationEvent {
  const random = randomStream(number + 1, 'answers');
  const values = Float32Array.from(questions, () => 1 / (1 + Math.floor(random.next() ** (3 * level) * 20)));
  const mean = values.reduce((sum, value) => sum + value, 0) / questionCount;
  return {
    run,
    type: 'evaluation',
    split: 'test',
    step,
    epoch: step / 20,
    metrics: { 'mrr@10': mean },
    per_query: { question_ids: questions, values: { 'mrr@10': values } },
    seconds: 1,
    training_seconds: step,
  };
}
