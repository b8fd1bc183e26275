import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test, vi } from 'vitest';
import { openHome } from '../../src/lab/files/home.ts';
import { openStore } from '../../src/lab/store/runStore.ts';
import type { Comparison } from '../../src/shared/comparison.ts';
import type { Run } from '../../src/shared/history.ts';
import { encoderHash, evaluationFigures, losslabJson, stepFigures } from '../helpers/commandLine.ts';
import { sharedFolder } from '../helpers/sharedFolder.ts';
import { writeRankedJson } from '../helpers/tinyData.ts';

/* Same configuration, seed and device: the same bits. Another recipe changes nothing but the recipe. */

// Whole processes, several per test: a busy machine takes its time.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const folder = sharedFolder();
const data = writeRankedJson(folder);

/** Trains in a home of its own, so that nothing can be shared but what is computed again. */
async function train(
  name: string,
  configs: readonly string[],
  settings: Record<string, string | number>,
): Promise<{ home: string; runs: Run[] }> {
  const home = join(folder, name);
  const all = { data_path: data, device: 'cpu', batch_size: 8, epochs: 2, embed_dim: 32, ...settings };
  await losslabJson<Comparison>(
    home,
    'train',
    '--config',
    ...configs,
    ...Object.entries(all).flatMap(([key, value]) => ['--set', `${key}=${value}`]),
  );
  return { home, runs: await losslabJson<Run[]>(home, 'runs') };
}

const mini = { encoder: 'mini', n_layers: 1, n_heads: 2, hidden_dim: 64, dropout: 0.1 };
/** Two recipes that draw random numbers of different kinds, in homes of their own. */
let first: Awaited<ReturnType<typeof train>>;
let second: Awaited<ReturnType<typeof train>>;
let otherSeed: Awaited<ReturnType<typeof train>>;
/** One of them without the other. */
let alone: Awaited<ReturnType<typeof train>>;

beforeAll(async () => {
  first = await train('first', ['infonce_random', 'triplet_hard_neg'], { ...mini, seed: 7 });
  second = await train('second', ['infonce_random', 'triplet_hard_neg'], { ...mini, seed: 7 });
  otherSeed = await train('other-seed', ['infonce_random'], { ...mini, seed: 8 });
  alone = await train('alone', ['triplet_hard_neg'], { ...mini, seed: 7 });
});

test('the same configuration and seed: the same hashes, figures and bytes', () => {
  expect(second.runs).toHaveLength(2);
  second.runs.forEach((run, index) => {
    const before = first.runs[index]!;
    expect(run.start!.hashes).toEqual(before.start!.hashes);
    expect(encoderHash(run)).toBe(encoderHash(before));
    expect(stepFigures(second.home, run.id)).toEqual(stepFigures(first.home, before.id));
    expect(evaluationFigures(second.home, run.id)).toEqual(evaluationFigures(first.home, before.id));
  });
});

test('what is made from the seed differs with it; the data do not', () => {
  const [seven, eight] = [first.runs[0]!.start!.hashes, otherSeed.runs[0]!.start!.hashes];
  expect(eight.dataset).toBe(seven.dataset);
  for (const what of ['split', 'plan', 'weights'] as const) expect(eight[what], what).not.toBe(seven[what]);
  expect(encoderHash(otherSeed.runs[0]!)).not.toBe(encoderHash(first.runs[0]!));
});

test('two recipes of one experiment share data, split, plan, initial weights and tokenizer, and end apart', () => {
  const [infonce, triplet] = first.runs as [Run, Run];
  expect(triplet.start!.hashes).toEqual(infonce.start!.hashes);
  expect(evaluationAtZero(first.home, triplet.id)).toEqual(evaluationAtZero(first.home, infonce.id));
  expect(encoderHash(triplet)).not.toBe(encoderHash(infonce));
});

test('a run ends the same whether the run before it has evaluated the untrained encoder, or it does so itself', () => {
  const [own, triplet] = [alone.runs[0]!, first.runs[1]!];
  expect(evaluationFigures(alone.home, own.id)).toEqual(evaluationFigures(first.home, triplet.id));
  expect(encoderHash(own)).toBe(encoderHash(triplet));
  // Taken over as it was, with the time that it took.
  expect(secondsAtZero(first.home, triplet.id)).toBe(secondsAtZero(first.home, first.runs[0]!.id));
});

test('what is written to output_dir is the encoder of the run', async () => {
  const output = join(folder, 'output');
  const {
    runs: [run],
  } = await train('with-output', ['listwise'], { output_dir: output, epochs: 1 });
  for (const name of ['model.safetensors', 'config.json', 'tokenizer.json']) {
    expect(readFileSync(join(output, run!.id, name))).toEqual(readFileSync(join(run!.encoder!, name)));
  }
});

function evaluationAtZero(home: string, run: string): unknown {
  return (evaluationFigures(home, run) as { step: number }[]).find(({ step }) => step === 0);
}

function secondsAtZero(home: string, run: string): number {
  using store = openStore(openHome(home));
  return store.evaluations(run).find(({ step }) => step === 0)!.seconds;
}
