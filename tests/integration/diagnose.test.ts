import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test, vi } from 'vitest';
import type { GradientComparison, RunDiagnostics } from '../../src/shared/contract/diagnostics.ts';
import type { Comparison } from '../../src/shared/comparison.ts';
import { losslab, losslabJson } from '../helpers/commandLine.ts';
import { sharedFolder } from '../helpers/sharedFolder.ts';
import { writeCsvPair } from '../helpers/tinyData.ts';

// Whole processes, several per test: a busy machine takes its time.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const folder = sharedFolder();
const home = join(folder, 'home');
const csv = writeCsvPair(folder);

function configuration(name: string, keys: object): string {
  const file = join(folder, `${name}.json`);
  writeFileSync(
    file,
    JSON.stringify({
      name,
      encoder: 'mini',
      embed_dim: 16,
      n_layers: 1,
      n_heads: 2,
      hidden_dim: 32,
      projection_dim: 16,
      max_length: 24,
      vocabulary_size: 200,
      device: 'cpu',
      test_size: 0.4,
      batch_size: 8,
      epochs: 12,
      ...keys,
    }),
  );
  return file;
}

/** One run as it should be, one whose learning rate and hardest negatives push everything to one point. */
let trained: Comparison;
beforeAll(async () => {
  await losslabJson(home, 'import', '--questions', csv.questions, '--answers', csv.answers, '--name', 'tiny');
  const healthy = configuration('Healthy', { loss_type: 'infonce' });
  const broken = configuration('Broken', {
    loss_type: 'batch_triplet',
    mining: 'hardest',
    margin: 0.5,
    learning_rate: 0.3,
  });
  trained = await losslabJson(home, 'train', '--config', healthy, broken, '--data', 'tiny');
});

const idOf = (name: string): string => trained.runs.find((run) => run.name === name)!.id;

test('a run that really collapses is found out, and a healthy one is left alone', async () => {
  const runs = await losslabJson<RunDiagnostics[]>(home, 'diagnose');
  const broken = runs.find(({ name }) => name === 'Broken')!;
  expect(broken.findings.map(({ kind }) => kind)).toContain('collapse');
  expect(broken.evaluations.at(-1)!.diagnostics.figures.mean_cosine).toBeGreaterThan(0.95);
  const healthy = runs.find(({ name }) => name === 'Healthy')!;
  expect(healthy.findings).toEqual([]);
  // The same untrained encoder on the same probe set.
  expect(healthy.evaluations[0]).toEqual(broken.evaluations[0]);
});

test('losslab show and diagnose say it in words', async () => {
  expect((await losslab(home, 'show', idOf('Broken'))).stdout).toMatch(
    /Health +Embeddings have collapsed, step \d+\. .* cosine of /,
  );
  const { stdout } = await losslab(home, 'diagnose', idOf('Healthy'), idOf('Broken'));
  expect(stdout).toMatch(/^untrained +0 /m);
  expect(stdout).toMatch(/^Healthy +\d+ /m);
  expect(stdout).toContain('alignment: Mean squared distance');
  expect(stdout).toMatch(/^Broken, step \d+: Embeddings have collapsed/m);
});

test('diagnose --gradients: at the untrained weights and at those of each recipe', async () => {
  const { recipes, points } = await losslabJson<GradientComparison>(
    home,
    'diagnose',
    '--gradients',
    '--batches',
    '2',
    idOf('Healthy'),
    idOf('Broken'),
  );
  expect(recipes).toEqual(['Healthy', 'Broken']);
  expect(points.map(({ trainedBy }) => trainedBy)).toEqual([null, 'Healthy', 'Broken']);
  const [untrained] = points[0]!.pairs;
  expect(untrained).toMatchObject({ first: 0, second: 1, batches: 2 });
  expect(Math.abs(untrained!.cosine!)).toBeLessThanOrEqual(1);
  const { stdout } = await losslab(home, 'diagnose', '--gradients', '--batches', '1', idOf('Healthy'), idOf('Broken'));
  expect(stdout).toContain('At the weights trained by "Broken":');
});

test('one recipe has nothing to be compared with', async () => {
  const { code, stderr } = await losslab(home, 'diagnose', '--gradients', idOf('Healthy'));
  expect(code).toBe(1);
  expect(stderr).toContain('at least two recipes');
});
