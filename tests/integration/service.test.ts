import { expect, onTestFinished, test, vi } from 'vitest';
import { importDataset } from '../../src/lab/data/importDataset.ts';
import { createLabService } from '../../src/lab/service/service.ts';
import { openStore } from '../../src/lab/store/runStore.ts';
import type { RunView } from '../../src/shared/contract/experiments.ts';
import { launcher } from '../../src/cli/launcher.ts';
import { processes } from '../helpers/commandLine.ts';
import { kaggleServer, kaggleSource } from '../helpers/kaggleServer.ts';
import { connectScreen, type TestScreen } from '../helpers/scriptedTrainer.ts';
import { temporaryFolder, temporaryHome } from '../helpers/syntheticStore.ts';
import { writeRankedJson } from '../helpers/tinyData.ts';

/* The lab service over the real training process, on data that trains in seconds. */

vi.setConfig({ testTimeout: 180_000 });

const shared = { encoder: 'static', embed_dim: 32, batch_size: 8, device: 'cpu', epochs: 2 };
const slow = { ...shared, encoder: 'mini', n_layers: 1, n_heads: 2, hidden_dim: 64, epochs: 200 };
const recipe = { name: 'one', loss_type: 'infonce' };

async function openLab() {
  const home = temporaryHome();
  await importDataset({
    home: home.folder,
    name: 'tiny',
    source: { kind: 'json', file: writeRankedJson(temporaryFolder()) },
  });
  const service = createLabService({ home, launcher });
  return { home, service, screen: connectScreen(service) };
}

async function start(
  screen: TestScreen,
  keys: Record<string, unknown>,
  recipes: Record<string, unknown>[] = [recipe],
  dataset = 'tiny',
): Promise<string> {
  const { id } = await screen.call('experiments.create', {
    draft: { name: 'Tiny', dataset, shared: keys, recipes, seeds: [1] },
    start: true,
  });
  return id;
}

async function runs(screen: TestScreen, id: string): Promise<readonly RunView[]> {
  return (await screen.call('experiments.details', { id })).runList;
}

function until(screen: TestScreen, id: string, condition: (run: RunView) => boolean): Promise<RunView> {
  return vi.waitFor(
    async () => {
      const run = (await runs(screen, id)).find(condition);
      if (!run) throw new Error('not yet');
      return run;
    },
    { timeout: 90_000, interval: 20 },
  );
}

test('a dataset is downloaded and trained on, whatever screen looks on', async () => {
  await using server = await kaggleServer();
  for (const [name, value] of Object.entries(server.environment)) vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
  const { screen, service } = await openLab();
  server.archive.stalls = [700];
  const { id } = await screen.call('downloads.start', { source: kaggleSource, name: 'downloaded' });
  await vi.waitFor(async () => expect((await screen.call('downloads.list', {}))[0]!.done).toBe(700), {
    timeout: 30_000,
  });
  screen.close();
  const reloaded = connectScreen(service);
  expect(await reloaded.call('downloads.list', {})).toMatchObject([{ id, state: 'running', done: 700 }]);
  await reloaded.call('downloads.cancel', { id });
  await reloaded.call('downloads.resume', { id });
  await vi.waitFor(
    async () =>
      expect((await reloaded.call('downloads.list', {}))[0]).toMatchObject({
        id,
        state: 'finished',
        result: { name: 'downloaded' },
      }),
    { timeout: 30_000 },
  );
  expect((await reloaded.call('datasets.verify', { name: 'downloaded' })).problems).toEqual([]);
  const experiment = await start(reloaded, shared, [recipe], 'downloaded');
  expect(await until(reloaded, experiment, ({ status }) => status === 'finished' || status === 'failed')).toMatchObject(
    { status: 'finished', failure: null },
  );
  await service.close();
});

test('an experiment goes from a draft to a comparison and its export', async () => {
  const { screen, service, home } = await openLab();
  const id = await start(screen, shared, [recipe, { name: 'two', loss_type: 'listwise', batch_transform: 'listwise' }]);
  await vi.waitFor(async () => expect((await screen.call('experiments.list', {}))[0]!.status).toBe('finished'), {
    timeout: 90_000,
    interval: 50,
  });
  // Each of them has left an encoder.
  expect(screen.notifications.filter(({ type }) => type === 'encoders')).toHaveLength(2);
  const ids = (await runs(screen, id)).map((run) => run.id);
  const comparison = await screen.call('runs.compare', { runs: ids });
  expect(comparison.runs.map(({ state }) => state)).toEqual(['finished', 'finished']);
  expect(comparison.baselines).toHaveLength(1);
  const series = await screen.call('runs.series', { runs: ids, names: ['loss', 'acc'] });
  expect(series.map(({ run }) => run)).toEqual(ids);
  expect(await screen.call('runs.seriesNames', { runs: ids })).toEqual(
    expect.arrayContaining(['loss', 'gradient_norm', 'learning_rate', 'training_seconds']),
  );
  const { csv } = await screen.call('runs.exportCsv', { runs: ids });
  expect(csv.split('\r\n').filter(Boolean)).toHaveLength(5); // headings, untrained, BM25, two runs
  await service.close();
  using store = openStore(home);
  for (const { run, steps, columns } of series) {
    expect([...steps]).toEqual(store.stepMetrics(run, 'loss').map(({ step }) => step));
    expect([...columns.loss!]).toEqual(store.stepMetrics(run, 'loss').map(({ value }) => value));
  }
});

test('a pause lasts until it is ended, takes no training time, and does not keep a run from being stopped', async () => {
  const { screen, service } = await openLab();
  const id = await start(screen, slow);
  await until(screen, id, ({ steps_done }) => steps_done > 5);
  await screen.call('experiments.pause', { id });
  // A step that was under way, and what it reported.
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const paused = await until(screen, id, ({ status }) => status === 'paused');
  expect(paused.memoryBytes).toBeGreaterThan(1e7);
  await new Promise((resolve) => setTimeout(resolve, 1500));
  expect((await runs(screen, id))[0]!.steps_done).toBe(paused.steps_done);
  await screen.call('experiments.unpause', { id });
  const again = await until(screen, id, ({ steps_done }) => steps_done > paused.steps_done);
  expect(again.training_seconds - paused.training_seconds).toBeLessThan(1);
  await screen.call('experiments.pause', { id });
  await screen.call('experiments.cancel', { id });
  await until(screen, id, ({ status }) => status === 'stopped');
  await service.close();
});

test('a trainer that is killed takes neither the lab nor the history with it', async (context) => {
  if (process.platform !== 'linux') context.skip('finds the training process in /proc');
  const { screen, service } = await openLab();
  const id = await start(screen, slow);
  const { id: run } = await until(screen, id, ({ steps_done }) => steps_done > 12);
  process.kill(
    processes().find(({ parent, line }) => parent === process.pid && line.includes('training/trainTask'))!.pid,
    'SIGKILL',
  );
  const { steps_done } = await until(screen, id, ({ status }) => status === 'interrupted');
  expect((await screen.call('runs.series', { runs: [run], names: ['loss'] }))[0]!.steps).toHaveLength(steps_done);
  await screen.call('experiments.start', { id });
  await until(screen, id, (view) => view.status === 'running' && view.steps_done > steps_done);
  await service.close();
});

test('a budget in minutes ends a run with an evaluation at its last step', async () => {
  const { screen, service } = await openLab();
  const id = await start(screen, { ...slow, epochs: 100_000, max_minutes: 0.005 });
  const run = await until(screen, id, ({ status }) => status === 'finished');
  expect(run.steps_done).toBeLessThan(run.start!.steps);
  expect(run.training_seconds).toBeGreaterThanOrEqual(0.3);
  const { evaluations } = await screen.call('experiments.watch', { id });
  expect(evaluations[run.id]!.at(-1)!.step).toBe(run.steps_done);
  await service.close();
});
