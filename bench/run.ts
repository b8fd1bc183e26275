import { execFile } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { table } from '../src/cli/output.ts';
import { median, type Figure } from './figures.ts';
import { benchGradientCache } from './gradientCache.ts';
import { benchImport } from './import.ts';
import { benchPosts } from './posts.ts';
import { chosenParts, circumstances, keepResult, resultsFile } from './results.ts';
import { screensFigures } from './screens.ts';
import { benchVerdict } from './verdict.ts';
import type { TokeniseFigures } from './tokenise.ts';

/**
 * `npm run bench [-- PART …]`: LossLab's figures on this machine, each part in processes of its own, as
 * ratios side by side where there is something to be held against. Prints a table, and writes what
 * was measured as JSON, where parts that were not measured keep their earlier figures.
 */
const parts: Readonly<Record<string, () => Promise<Figure[]>>> = {
  step: stepFigures,
  evaluation: evaluationFigures,
  static: staticFigures,
  gradientCache: gradientCacheFigures,
  import: importFigures,
  posts: postsFigures,
  tokenise: tokeniseFigures,
  verdict: verdictFigures,
  inspector: inspectorFigures,
  screens: screensFigures,
};

const execute = promisify(execFile);
const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const say = (line: string): void => void process.stderr.write(`${line}\n`);

async function runJson<T>(command: string, args: string[]): Promise<T> {
  const { stdout } = await execute(command, args, { maxBuffer: 1e8 });
  return JSON.parse(stdout.trim().split('\n').at(-1)!) as T;
}

interface StepRun {
  readonly seconds: number[];
  readonly peakBytes: number;
}

/** PyTorch's step and ours in turn, so that a machine that drifts drifts for both. */
async function stepFigures(): Promise<Figure[]> {
  const python = await findPytorch();
  const ours: StepRun[] = [];
  const peer: StepRun[] = [];
  for (let round = 0; round < 2; round++) {
    say(`DistilBERT step, round ${round + 1} of 2`);
    ours.push(await runJson<StepRun>(process.execPath, [here('distilbertStep.ts'), '6']));
    if (python) peer.push(await runJson<StepRun>(python, [here('pytorch_step.py'), '--warmup', '2', '--steps', '4']));
  }
  const seconds = median(ours.flatMap((run) => run.seconds.slice(2)));
  const bytes = Math.max(...ours.map(({ peakBytes }) => peakBytes));
  const figures: Figure[] = [{ what: 'DistilBERT step, 8 pairs × 128 tokens', found: `${seconds.toFixed(2)} s, ${gigabytes(bytes)}`, goal: '', reached: null }];
  if (!python) return [...figures, { what: 'the same in PyTorch', found: 'PyTorch is not on this machine', goal: '', reached: null }];
  const peerSeconds = median(peer.flatMap((run) => run.seconds));
  const peerBytes = Math.max(...peer.map(({ peakBytes }) => peakBytes));
  return [
    ...figures,
    { what: 'the same in PyTorch', found: `${peerSeconds.toFixed(2)} s, ${gigabytes(peerBytes)}`, goal: '', reached: null },
    { what: 'step time, LossLab / PyTorch', found: (seconds / peerSeconds).toFixed(2), goal: 'at most 0.75', reached: seconds / peerSeconds <= 0.75 },
    { what: 'peak memory, LossLab / PyTorch', found: (bytes / peerBytes).toFixed(2), goal: 'at most 1', reached: bytes <= peerBytes },
  ];
}

async function findPytorch(): Promise<string | null> {
  for (const python of ['python3', '/usr/bin/python3']) {
    if (await execute(python, ['-c', 'import torch']).then(() => true, () => false)) return python;
  }
  return null;
}

async function evaluationFigures(): Promise<Figure[]> {
  say('Evaluation of 64 questions');
  const { ours, original, ratio, distinctTexts, passes } = await runJson<{ ours: number; original: number; ratio: number; distinctTexts: number; passes: number }>(process.execPath, [here('evaluation.ts')]);
  return [{ what: `evaluation of 64 questions: ${passes} texts alone / ${distinctTexts} distinct in batches`, found: `${original.toFixed(1)} s / ${ours.toFixed(2)} s = ${ratio.toFixed(0)}`, goal: 'at least 20', reached: ratio >= 20 }];
}

async function staticFigures(): Promise<Figure[]> {
  say('Training the static encoder');
  const { tokensPerSecond, vocabulary } = await runJson<{ tokensPerSecond: number; vocabulary: number }>(process.execPath, [here('staticTraining.ts')]);
  return [{ what: `static training, ${vocabulary} tokens × 512, batches of 64`, found: `${Math.round(tokensPerSecond).toLocaleString('en')} tokens/s`, goal: '', reached: null }];
}

async function gradientCacheFigures(): Promise<Figure[]> {
  say('Gradient caching: 512 pairs in parts of 64 texts');
  const { small, smallCached, largeCached } = await benchGradientCache();
  const memory = largeCached.megabytes / small.megabytes;
  return [
    { what: 'peak memory, DistilBERT of 2 layers, 32 pairs × 128 tokens', found: `${small.megabytes.toFixed(0)} MB`, goal: '', reached: null },
    { what: '512 pairs in parts of 64 texts / 32 pairs at once', found: `${largeCached.megabytes.toFixed(0)} MB, ${memory.toFixed(2)}`, goal: 'at most 1.25', reached: memory <= 1.25 },
    { what: 'step time, 32 pairs in two parts / at once', found: (smallCached.seconds / small.seconds).toFixed(2), goal: '', reached: null },
  ];
}

async function importFigures(): Promise<Figure[]> {
  say('Import of 85,000 questions');
  const { seconds, peakMegabytes, inputMegabytes } = await benchImport();
  return [
    { what: `import of 85,000 questions (${inputMegabytes.toFixed(0)} MB of CSV)`, found: `${seconds.toFixed(1)} s`, goal: 'under 60 s', reached: seconds < 60 },
    { what: 'its peak memory', found: `${peakMegabytes.toFixed(0)} MB`, goal: 'under 500 MB', reached: peakMegabytes < 500 },
  ];
}

async function postsFigures(): Promise<Figure[]> {
  say('Import of a Posts.xml of 2 GB');
  const { seconds, peakMegabytes, inputMegabytes } = await benchPosts();
  return [
    { what: `import of a Posts.xml of ${inputMegabytes.toFixed(0)} MB`, found: `${seconds.toFixed(0)} s, ${(inputMegabytes / seconds).toFixed(0)} MB/s`, goal: '', reached: null },
    { what: 'peak memory of the import of Posts.xml', found: `${peakMegabytes.toFixed(0)} MB`, goal: 'under 500 MB', reached: peakMegabytes < 500 },
  ];
}

async function tokeniseFigures(): Promise<Figure[]> {
  const threadCounts = [1, Math.min(2, availableParallelism())];
  const runs: TokeniseFigures[] = [];
  for (const threads of threadCounts) {
    say(`Tokenising with ${threads} ${threads === 1 ? 'thread' : 'threads'}`);
    runs.push(await runJson<TokeniseFigures>(process.execPath, [here('tokenise.ts'), String(threads)]));
  }
  const [one, two] = runs as [TokeniseFigures, TokeniseFigures];
  const rate = ({ tokensPerSecond }: TokeniseFigures): string => `${(tokensPerSecond / 1e6).toFixed(2)} million tokens/s`;
  return [
    { what: `tokenising ${one.texts.toLocaleString('en')} texts, one thread`, found: rate(one), goal: '', reached: null },
    { what: 'the same, two threads', found: rate(two), goal: 'at least 1 million tokens/s', reached: two.tokensPerSecond >= 1e6 },
    { what: `opening the file of ${(one.tokens / 1e6).toFixed(1)} million tokens`, found: `${one.openSeconds.toFixed(2)} s`, goal: '', reached: null },
    { what: 'reading a batch of 128 texts from it', found: `${one.batchMilliseconds.toFixed(2)} ms`, goal: '', reached: null },
  ];
}

async function verdictFigures(): Promise<Figure[]> {
  say('The verdict over 20 runs');
  const seconds = median(await benchVerdict());
  return [{ what: 'losslab verdict: 20 runs and the untrained encoder × 10,000 test questions', found: `${seconds.toFixed(1)} s`, goal: 'under 5 s', reached: seconds < 5 }];
}

async function inspectorFigures(): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const dimension of [512, 1024]) {
    say(`The inspector on 100,000 answers, ${dimension} numbers each`);
    const { answers, first, one, three } = await runJson<{ answers: number; first: number; one: number; three: number }>(process.execPath, [here('inspector.ts'), String(dimension)]);
    const what = `${answers.toLocaleString('en')} answers × ${dimension}`;
    figures.push(
      { what: `inspector, first query: ${what} encoded`, found: `${first.toFixed(1)} s`, goal: '', reached: null },
      { what: `inspector, a query against ${what}`, found: `${one.toFixed(0)} ms`, goal: 'under 100 ms', reached: one < 100 },
      { what: 'the same under three encoders', found: `${three.toFixed(0)} ms`, goal: '', reached: null },
    );
  }
  return figures;
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(2)} GB`;
}

const file = resultsFile('cpu');
const names = Object.keys(parts);
for (const part of chosenParts(process.argv.slice(2), names)) {
  const result = { part, ...(await circumstances()), figures: await parts[part]!() };
  keepResult(file, result, names);
  console.log(`\n${part}: ${result.machine}, Node ${result.node}, commit ${result.commit}, load ${result.load}`);
  console.log(table(['Figure', 'Found', 'Goal', 'Reached'], result.figures.map(({ what, found, goal, reached }) => [what, found, goal, reached === null ? '' : reached ? 'yes' : 'no'])));
}
