import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import type { TrecExport } from '../../src/lab/export/runs/trec.ts';
import { openHome } from '../../src/lab/files/home.ts';
import { openStore } from '../../src/lab/store/runStore.ts';
import type { Comparison } from '../../src/shared/comparison.ts';
import { fullCorpusMetricNames } from '../../src/shared/metrics.ts';
import { hasSignals, losslab, losslabJson, startLosslab } from '../helpers/commandLine.ts';
import { readEventFile, scalarsOf } from '../helpers/eventFileReader.ts';
import { mlflowServer } from '../helpers/mlflowServer.ts';
import { sharedFolder } from '../helpers/sharedFolder.ts';
import { tinyQuestions, writeCsvPair } from '../helpers/tinyData.ts';
import { trecMeasures } from '../helpers/trecReader.ts';

// Whole processes, several per test: a busy machine takes its time.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const folder = sharedFolder();
const home = join(folder, 'home');
const training = [
  '--config',
  'infonce_standard',
  '--data',
  'tiny',
  '--device',
  'cpu',
  '--set',
  'batch_size=8',
  '--set',
  'epochs=2',
  '--set',
  'embed_dim=32',
];

let runs: string[];
beforeAll(async () => {
  const csv = writeCsvPair(folder, tinyQuestions(60));
  await losslabJson(home, 'import', '--questions', csv.questions, '--answers', csv.answers, '--name', 'tiny');
  runs = (await losslabJson<Comparison>(home, 'train', ...training, '--seeds', '1', '2')).runs.map(({ id }) => id);
});

describe('export-runs', () => {
  test('--trec: an independent reader gets from the files what was stored when the runs were evaluated', async () => {
    const out = join(folder, 'trec');
    const { trec } = await losslabJson<{ trec: TrecExport }>(home, 'export-runs', '--trec', out);
    expect(trec).toMatchObject({
      folder: out,
      differing: Object.fromEntries(runs.map((run) => [run, 0])),
      missing: [],
    });
    expect(trec.files.filter((file) => /untrained|BM25/.test(file))).toEqual([
      expect.stringMatching(/^BM25/),
      'untrained_seed_1.run',
      'untrained_seed_2.run',
    ]);
    using store = openStore(openHome(home));
    for (const [run, step, file] of [
      ...runs.map((run) => [run, store.evaluations(run).at(-1)!.step, `${run}.run`] as const),
      ...runs.map((run, i) => [run, 0, `untrained_seed_${i + 1}.run`] as const),
    ]) {
      for (const [qrels, suffix] of [
        ['best.qrels', ''],
        ['own.qrels', '_own'],
      ] as const) {
        const measures = trecMeasures({ run: join(out, file), qrels: join(out, qrels) });
        for (const name of fullCorpusMetricNames) {
          const { question_ids, values } = store.perQuery(run, step, `${name}${suffix}`);
          expect(measures.size).toBe(question_ids.length);
          for (const [i, id] of question_ids.entries())
            expect(Math.abs(measures.get(id)![name]! - values[i]!), `${name}${suffix} of question ${id}`).toBeLessThan(
              1e-6,
            );
        }
      }
    }
  });

  test('--tensorboard: named runs only', async () => {
    const out = join(folder, 'events');
    const { code, stdout } = await losslab(home, 'export-runs', runs[1]!, '--tensorboard', out);
    expect(code).toBe(0);
    expect(stdout).toContain(`TensorBoard: 1 run in ${out}\n  tensorboard --logdir ${out}`);
    const [bm25, own, untrained] = readdirSync(out).sort();
    expect([bm25, own, untrained]).toEqual([expect.stringMatching(/^BM25/), 'InfoNCE_Standard_seed_2', 'untrained']);
    const [file] = readdirSync(join(out, own!));
    const scalars = scalarsOf(readEventFile(readFileSync(join(out, own!, file!))));
    using store = openStore(openHome(home));
    expect(scalars.get('train/loss')!.map(({ value }) => value)).toEqual(
      store.stepMetrics(runs[1]!, 'loss').map(({ value }) => Math.fround(value)),
    );
  });

  test('--mlflow: both runs, once, however often', async () => {
    await using server = await mlflowServer();
    const sent = await losslabJson<{ mlflow: { runs: Record<string, string> } }>(
      home,
      'export-runs',
      '--mlflow',
      server.url,
      '--mlflow-experiment',
      'Mine',
    );
    expect(Object.keys(sent.mlflow.runs)).toEqual(runs);
    const { stdout } = await losslab(home, 'export-runs', '--mlflow', server.url, '--mlflow-experiment', 'Mine');
    expect(stdout).toBe(`MLflow: 2 runs in the experiment "Mine" at ${server.url}\n`);
    expect(server.runs.map(({ tags, status }) => [tags.get('losslab.run'), status]).slice(0, 2)).toEqual(
      runs.map((run) => [run, 'FINISHED']),
    );
    expect(server.runs.slice(2).map(({ name }) => name)).toEqual([
      expect.stringMatching(/^BM25/),
      'untrained, seed 1',
      'untrained, seed 2',
    ]);
  });

  test('nothing named, a folder that holds something, a server that is none: told, and nothing is left behind', async () => {
    expect(await losslab(home, 'export-runs')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(
        'The export target is missing.\nGive at least one of --trec, --tensorboard and --mlflow',
      ) as string,
    });
    expect((await losslab(home, 'export-runs', '--trec', home)).stderr).toContain('an export replaces nothing');
    const before = readdirSync(folder);
    expect(
      (await losslab(home, 'export-runs', '--trec', join(folder, 'new'), '--mlflow', 'mlflow.example')).stderr,
    ).toContain('--mlflow is not the address of a server');
    expect(existsSync(join(folder, 'new'))).toBe(false);
    expect(readdirSync(folder)).toEqual(before);
  });
});

describe('train --mlflow', () => {
  test('sends every figure while it trains', async () => {
    await using server = await mlflowServer();
    const { runs: trained } = await losslabJson<Comparison>(home, 'train', ...training, '--mlflow', server.url);
    const [stored, bm25, untrained] = server.runs;
    expect(server.runs).toHaveLength(3);
    expect([bm25!.name, untrained!.name]).toEqual([expect.stringMatching(/^BM25/), 'untrained']);
    expect([...stored!.artifacts.keys()].sort()).toEqual(['README.md', 'configuration.json', 'report.html']);
    using store = openStore(openHome(home));
    expect(stored!.status).toBe('FINISHED');
    expect(
      stored!.metrics.filter(({ key }) => key === 'train/loss').map(({ step, value }) => ({ step, value })),
    ).toEqual(store.stepMetrics(trained[0]!.id, 'loss'));
    expect(stored!.metrics.filter(({ key }) => key === 'eval/mrr_at_10')).toHaveLength(
      store.evaluations(trained[0]!.id).length,
    );
  });

  test('goes on without a server that refuses, says so once, and never shows the token', async () => {
    await using server = await mlflowServer();
    server.authorization = 'Bearer right';
    vi.stubEnv('MLFLOW_TRACKING_TOKEN', 'SECRET');
    const { code, stdout, stderr } = await losslab(home, 'train', ...training, '--mlflow', server.url);
    vi.unstubAllEnvs();
    expect(code).toBe(0);
    expect(stderr.match(/refused the credentials/g)).toHaveLength(1);
    expect(stderr).toMatch(/Not everything of 1 run has been sent\. A later command .* sends the rest by itself/);
    expect(stderr).toContain(`--mlflow ${server.url}" sends it now.`);
    expect(stdout + stderr).not.toContain('SECRET');
    expect(server.runs).toHaveLength(0);
  });

  test('a server that hangs does not withhold the table, and the next command sends what it missed', async () => {
    await using server = await mlflowServer();
    server.hanging = true;
    const { code, stdout, stderr } = await losslab(home, 'train', ...training, '--mlflow', server.url);
    expect(code).toBe(0);
    expect(stdout).toMatch(/InfoNCE Standard.*finished/);
    expect(stderr).toContain('Not everything of 1 run has been sent');
    server.hanging = false;
    expect((await losslab(home, 'datasets')).stderr).toContain(
      `MLflow at ${server.url} has received 1 run that it did not have yet.`,
    );
    expect(server.runs[0]!.status).toBe('FINISHED');
    expect((await losslab(home, 'datasets')).stderr).toBe('');
  });

  test.runIf(hasSignals)('a resumed run goes on where it was sent, without being told', async () => {
    await using server = await mlflowServer();
    vi.stubEnv('MLFLOW_TRACKING_URI', server.url);
    const command = startLosslab(home, ['train', ...training, '--set', 'epochs=100', '--mlflow']);
    command.process.stdout!.on('data', (text: string) => {
      if (/step \d\d\//.test(text)) command.process.kill('SIGINT');
    });
    await command.ended;
    vi.unstubAllEnvs();
    expect(server.runs[0]).toMatchObject({ status: 'KILLED' });
    await losslab(home, 'resume', server.runs[0]!.tags.get('losslab.run')!);
    expect(server.runs[0]).toMatchObject({ status: 'FINISHED' });
    const steps = server.runs[0]!.metrics.filter(({ key }) => key === 'train/loss').map(({ step }) => step);
    expect(steps).toEqual(Array.from({ length: steps.length }, (_, i) => i + 1));
  });
});
