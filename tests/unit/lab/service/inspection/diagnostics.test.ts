import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { launcher } from '../../../../../src/cli/launcher.ts';
import { diagnosticMethods } from '../../../../../src/lab/service/inspection/diagnostics.ts';
import type { ServiceContext } from '../../../../../src/lab/service/context.ts';
import { readManifest } from '../../../../../src/lab/data/datasetFolder.ts';
import { resolveConfiguration, type RawConfiguration } from '../../../../../src/shared/configuration.ts';
import { applicationFile } from '../../../../../src/lab/base/applicationFiles.ts';
import { labError } from '../../../../helpers/dataFiles.ts';
import { scriptedWorkers } from '../../../../helpers/scriptedWorker.ts';
import { cancelJob, messagesOf, screen, temporaryContext } from '../../../../helpers/serviceContext.ts';

const small: RawConfiguration = {
  encoder: 'static',
  embed_dim: 16,
  vocabulary_size: 300,
  device: 'cpu',
  limit: 40,
  batch_size: 8,
  epochs: 1,
};
const recipes: RawConfiguration[] = [
  { name: 'One', loss_type: 'infonce' },
  { name: 'Again', loss_type: 'infonce' },
  { name: 'Triplet', loss_type: 'triplet' },
];

/** Queued runs of an experiment on the shipped sample, with these recipes and seeds. */
async function experiment(
  { home, store }: ServiceContext,
  raws: readonly RawConfiguration[] = recipes,
  seeds: readonly number[] = [1],
): Promise<string[]> {
  cpSync(applicationFile('resources/sample'), join(home.datasets, 'sample'), { recursive: true });
  const { content } = await readManifest(join(home.datasets, 'sample'));
  const { id } = store.createExperiment({
    name: 'Gradients',
    dataset: { name: 'sample', hash: content.sha256 },
    configuration: resolveConfiguration(small),
  });
  return raws.flatMap((raw) =>
    seeds.map(
      (seed) => store.createRun({ experiment: id, configuration: resolveConfiguration({ ...small, ...raw, seed }) }).id,
    ),
  );
}

test('gradients at the untrained weights: the same loss pulls the same way, another does not quite', async () => {
  const context = temporaryContext(launcher);
  const runs = await experiment(context);
  const connection = screen();
  const {
    recipes: names,
    batches,
    points,
  } = await diagnosticMethods(context)['diagnostics.gradients']({ runs, batches: 3 }, connection);
  expect([names, batches, points.map(({ trainedBy }) => trainedBy)]).toEqual([['One', 'Again', 'Triplet'], 3, [null]]);
  const [{ norms, pairs }] = points as [(typeof points)[0]];
  expect(norms[0]).toBe(norms[1]);
  const cosine = (first: number, second: number): number =>
    pairs.find((pair) => pair.first === first && pair.second === second)!.cosine!;
  expect(cosine(0, 1)).toBeCloseTo(1, 6);
  expect(cosine(0, 2)).toBe(cosine(1, 2));
  expect(cosine(0, 2)).toBeGreaterThan(-0.5);
  expect(cosine(0, 2)).toBeLessThan(0.99);
  expect(messagesOf(context.notifications)).toContain('Reading the dataset');
});

test('of several seeds one is taken, with a run of every recipe', async () => {
  const context = temporaryContext(launcher);
  const runs = await experiment(context, recipes.slice(1), [4, 5]);
  const { recipes: names } = await diagnosticMethods(context)['diagnostics.gradients'](
    { runs: runs.slice(1), batches: 1 },
    screen(),
  );
  expect(names).toEqual(['Again', 'Triplet']);
});

test.each<[string, (context: ServiceContext) => Promise<string[]>, RegExp]>([
  ['one recipe', (context) => experiment(context, recipes.slice(0, 1), [1, 2]), /at least two recipes/],
  [
    'two experiments',
    async (context) => [...(await experiment(context)), ...(await experiment(context))],
    /several experiments/,
  ],
])('%s: refused in words, and no process is started', async (_, setUp, message) => {
  const context = temporaryContext();
  const runs = await setUp(context);
  const error = await labError(
    async () => diagnosticMethods(context)['diagnostics.gradients']({ runs, batches: 1 }, screen()),
    'usage',
  );
  expect(error.message).toMatch(message);
  expect(error.fix).not.toBe('');
});

/** A comparison whose process says nothing. */
async function waiting() {
  const launcher = scriptedWorkers();
  const context = temporaryContext(launcher);
  const connection = screen();
  const methods = diagnosticMethods(context);
  const comparison = methods['diagnostics.gradients'](
    { runs: await experiment(context), batches: 1 },
    connection,
  ) as Promise<unknown>;
  return { context, comparison, worker: await launcher.busy(0) };
}

test('cancelling it ends its process', async () => {
  const { context, comparison, worker } = await waiting();
  await cancelJob(context);
  expect((await labError(comparison, 'usage')).message).toBe('The comparison of gradients was cancelled.');
  expect(worker.isGone).toBe(true);
});

test('a process that dies is told in words', async () => {
  const { comparison, worker } = await waiting();
  worker.exit({ code: 137, killed: false });
  const error = await labError(comparison, 'device');
  expect(error.message).toContain('The comparison of gradients crashed with exit code 137');
  expect(error.fix).toContain('fewer recipes');
});
