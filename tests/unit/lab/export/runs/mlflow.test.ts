import { describe, expect, test, vi } from 'vitest';
import { MlflowClient } from '../../../../../src/lab/export/runs/mlflow/client.ts';
import { LiveSender } from '../../../../../src/lab/export/runs/mlflow/liveSender.ts';
import { metricKey } from '../../../../../src/lab/export/runs/mlflow/records.ts';
import { sendPending } from '../../../../../src/lab/export/runs/mlflow/resend.ts';
import { RunSender } from '../../../../../src/lab/export/runs/mlflow/sendRun.ts';
import { mlflowServer as serverOf } from '../../../../../src/lab/export/runs/mlflow/server.ts';
import { resolveConfiguration, type RawConfiguration } from '../../../../../src/shared/configuration.ts';
import type { Store } from '../../../../../src/lab/store/runStore.ts';
import { finishedRun } from '../../../../helpers/finishedRun.ts';
import { tinyConfigurations } from '../../../../helpers/tinyEncoders.ts';
import { fileServer } from '../../../../helpers/fileServer.ts';
import { mlflowServer, type MlflowStandIn, type StoredRun } from '../../../../helpers/mlflowServer.ts';
import {
  createExperiment,
  createRun,
  evaluationEvent,
  startedEvent,
  stepEvent,
  temporaryStore,
  trainedRun,
} from '../../../../helpers/syntheticStore.ts';

const raw = { name: 'InfoNCE', batch_transform: 'infonce', loss_type: 'infonce', temperature: 0.07 } as const;
const impatient = { retries: 2, firstWait: 1, longestWait: 5, longestAsked: 1000, stall: 20_000 };

function senderTo(store: Store, url: string, environment: NodeJS.ProcessEnv = {}, patience = impatient): RunSender {
  return new RunSender(store, new MlflowClient(serverOf(url, environment), patience), 'Losses');
}

/** What has arrived of one figure: its values by step. */
function figureOf({ metrics }: StoredRun, key: string): [step: number, value: number][] {
  return metrics.filter((metric) => metric.key === key).map(({ step, value }) => [step, value]);
}

describe('a run in MLflow', () => {
  test('has its settings, tags, figures and end', async () => {
    await using server = await mlflowServer();
    const store = temporaryStore();
    const run = trainedRun(store, createExperiment(store), { raw, levels: [0.1, 0.3, 0.5] });
    await senderTo(store, server.url).send(run.id);
    const [stored] = server.runs;
    expect(stored).toMatchObject({
      name: 'InfoNCE, seed 42',
      status: 'FINISHED',
      endTime: Date.parse(store.getRun(run.id).ended!),
    });
    // Those left at their default, too: a search for a value finds every run that has it.
    expect(Object.fromEntries(stored!.parameters)).toMatchObject({
      temperature: '0.07',
      loss_type: 'infonce',
      name: 'InfoNCE',
      learning_rate: '0.001',
      seed: '42',
      limit: 'null',
    });
    expect([...stored!.inputs].map(([use, { name, digest, profile }]) => [use, name, digest, profile])).toEqual([
      ['training', 'sample', 's-train', '{"questions":320}'],
      ['evaluation', 'sample', 's-test', '{"questions":80}'],
    ]);
    expect(Object.fromEntries(stored!.tags)).toMatchObject({
      'mlflow.runName': 'InfoNCE, seed 42',
      'losslab.run': run.id,
      'losslab.hash.split': 's',
      'losslab.sent_steps': '40',
      'losslab.sent_evaluations': '40',
    });
    expect(figureOf(stored!, 'train/loss')).toEqual(
      store.stepMetrics(run.id, 'loss').map(({ step, value }) => [step, value]),
    );
    expect(figureOf(stored!, 'eval/mrr_at_10')).toEqual([
      [0, 0.1],
      [20, 0.3],
      [40, 0.5],
    ]);
    const { timestamp } = stored!.metrics.find(({ key, step }) => key === 'train/loss' && step === 40)!;
    expect(timestamp).toBe(Date.parse(run.started!) + 2000);
  });

  test('comes in as few requests as MLflow takes: at most 1000 items each', async () => {
    await using server = await mlflowServer();
    const store = temporaryStore();
    const run = trainedRun(store, createExperiment(store), {
      raw,
      levels: Array.from({ length: 21 }, (_, i) => i / 100),
    });
    await senderTo(store, server.url).send(run.id);
    const steps = 400 * store.stepMetricNames(run.id).length;
    const evaluations = 21 * Object.keys(store.evaluations(run.id)[0]!.metrics).length;
    expect(server.runs[0]!.metrics).toHaveLength(steps + evaluations);
    const sendings = server.calls.filter((call) => call === 'runs/log-batch').length - 1; // One is of parameters.
    expect(sendings).toBe(Math.ceil(steps / 990) + Math.ceil(evaluations / 945));
  });

  test('has what evaluations diagnosed', async () => {
    await using server = await mlflowServer();
    const store = temporaryStore();
    const { id } = createRun(store, raw);
    store.claim(id);
    const figures = {
      alignment: 0.5,
      uniformity: -2,
      mean_cosine: null,
      effective_rank: null,
      in_batch_margin: null,
      hard_margin: null,
    };
    const diagnostics = { pairs: 8, figures, margins: { in_batch: [], hard: [] } };
    store.record(
      id,
      startedEvent(id),
      evaluationEvent(id, 0, 0.1, { diagnostics }),
      stepEvent(id, 20),
      evaluationEvent(id, 20, 0.2),
    );
    await senderTo(store, server.url).send(id);
    expect(figureOf(server.runs[0]!, 'diagnostics/alignment')).toEqual([[0, 0.5]]);
    expect(server.runs[0]!.metrics.filter(({ key }) => key.startsWith('diagnostics/'))).toHaveLength(2);
    expect(figureOf(server.runs[0]!, 'eval/mrr_at_10')).toEqual([
      [0, 0.1],
      [20, 0.2],
    ]);
  });

  test('keeps NaN and infinities', async () => {
    await using server = await mlflowServer();
    const store = temporaryStore();
    const { id } = createRun(store, raw);
    store.claim(id);
    store.record(
      id,
      startedEvent(id),
      evaluationEvent(id, 0, NaN),
      stepEvent(id, 1, { loss: NaN }),
      stepEvent(id, 2, { loss: Infinity }),
      stepEvent(id, 3, { loss: -Infinity }),
    );
    await senderTo(store, server.url).send(id);
    expect(figureOf(server.runs[0]!, 'train/loss')).toEqual([
      [1, NaN],
      [2, Infinity],
      [3, -Infinity],
    ]);
    expect(figureOf(server.runs[0]!, 'eval/mrr_at_10')).toEqual([[0, NaN]]);
  });

  test('is not doubled when it is sent again, by whomever: only what is new travels', async () => {
    await using server = await mlflowServer();
    const store = temporaryStore();
    const { id } = createRun(store, raw);
    store.claim(id);
    store.record(id, startedEvent(id), evaluationEvent(id, 0, 0.1), stepEvent(id, 1), stepEvent(id, 2));
    await senderTo(store, server.url).send(id);
    expect(server.runs[0]).toMatchObject({ status: 'RUNNING', endTime: null });
    store.record(id, stepEvent(id, 3), { run: id, type: 'stopped', step: 3 });
    const before = server.calls.length;
    await senderTo(store, server.url).send(id);
    expect(server.runs).toHaveLength(1);
    expect(server.runs[0]!.status).toBe('KILLED');
    expect(figureOf(server.runs[0]!, 'train/loss').map(([step]) => step)).toEqual([1, 2, 3]);
    expect(server.calls.slice(before)).toEqual([
      'experiments/get-by-name',
      'runs/search',
      'runs/log-batch',
      'runs/log-inputs',
      'runs/log-batch',
      'runs/update',
    ]);
  });

  test.each([
    ['mrr@10', 'mrr_at_10'],
    ['standardized/ndcg@5', 'standardized/ndcg_at_5'],
    ['a b(c)é', 'a b_c__'],
  ])('metric %s is called %s', (name, key) => {
    expect(metricKey(name)).toBe(key);
  });
});

describe('faults', () => {
  const everything = (store: Store, id: string): number =>
    store.stepMetricNames(id).length * 20 + 2 * Object.keys(store.evaluations(id)[0]!.metrics).length;

  test.each([
    ['an answer that is lost', 'lost'],
    ['a connection that is cut', 'cut'],
    ['a server that is overloaded', { status: 503, body: 'busy' }],
    ['too many requests', { status: 429, body: '', headers: { 'retry-after': '0' } }],
  ] as const)('%s, at any method, doubles and loses nothing', async (_, fault) => {
    for (const method of [
      'experiments/get-by-name',
      'experiments/create',
      'runs/search',
      'runs/create',
      'runs/log-batch',
      'runs/log-inputs',
      'runs/update',
    ]) {
      await using server = await mlflowServer();
      const store = temporaryStore();
      const run = trainedRun(store, createExperiment(store), { raw, levels: [0.1, 0.3] });
      server.faults[method] = [fault];
      await senderTo(store, server.url).send(run.id);
      expect(server.runs, method).toHaveLength(1);
      expect(server.runs[0]!.metrics, method).toHaveLength(everything(store, run.id));
      expect(server.runs[0]!.status).toBe('FINISHED');
    }
  });

  test.each(['', 'NaN', '-2', '1e999', '18446744073709551616'])(
    'a tag that tells how much has arrived, and has become "%s", is told; without it everything is sent',
    async (value) => {
      await using server = await mlflowServer();
      const store = temporaryStore();
      const run = trainedRun(store, createExperiment(store), { raw, levels: [0.1, 0.3] });
      await senderTo(store, server.url).send(run.id);
      server.runs[0]!.tags.set('losslab.sent_steps', value);
      await expect(senderTo(store, server.url).send(run.id)).rejects.toThrow(
        `the tag losslab.sent_steps of the run is "${value}", which is not a step number`,
      );
      server.runs[0]!.tags.delete('losslab.sent_steps');
      await senderTo(store, server.url).send(run.id);
      expect(server.runs[0]!.metrics).toHaveLength(everything(store, run.id));
    },
  );

  test('a failure in the middle leaves what has arrived; the next sending goes on from there', async () => {
    await using server = await mlflowServer();
    const store = temporaryStore();
    const run = trainedRun(store, createExperiment(store), { raw, levels: [0.1, 0.3] });
    const refusal = {
      status: 400,
      body: JSON.stringify({ error_code: 'INVALID_PARAMETER_VALUE', message: 'quota used up' }),
    };
    server.faults['runs/log-batch'] = [{ status: 500, body: '' }, refusal];
    await expect(senderTo(store, server.url).send(run.id)).rejects.toThrow(
      /refused the request: quota used up \(INVALID_PARAMETER_VALUE\)/,
    );
    await senderTo(store, server.url).send(run.id);
    expect(server.runs).toHaveLength(1);
    expect(server.runs[0]!.metrics).toHaveLength(everything(store, run.id));
  });

  test('a token that is missing or wrong is told without it', async () => {
    await using server = await mlflowServer();
    server.authorization = 'Bearer right';
    const store = temporaryStore();
    const run = trainedRun(store, createExperiment(store), { raw, levels: [0.1, 0.3] });
    const failure = await senderTo(store, server.url, { MLFLOW_TRACKING_TOKEN: 'SECRET' })
      .send(run.id)
      .catch((error: unknown) => error as Error);
    expect(failure).toMatchObject({
      name: 'LabError',
      code: 'download',
      message: expect.stringContaining('the server refused the credentials (status 401)') as string,
      fix: expect.stringContaining('MLFLOW_TRACKING_TOKEN') as string,
    });
    expect(JSON.stringify(failure)).not.toContain('SECRET');
    await senderTo(store, server.url, { MLFLOW_TRACKING_TOKEN: 'right' }).send(run.id);
    expect(server.runs).toHaveLength(1);
  });

  test('name and password', async () => {
    await using server = await mlflowServer();
    server.authorization = `Basic ${btoa('ada:engine')}`;
    const store = temporaryStore();
    const run = trainedRun(store, createExperiment(store), { raw, levels: [0.1, 0.3] });
    await senderTo(store, server.url, { MLFLOW_TRACKING_USERNAME: 'ada', MLFLOW_TRACKING_PASSWORD: 'engine' }).send(
      run.id,
    );
    expect(server.runs).toHaveLength(1);
    expect(() => serverOf(server.url, { MLFLOW_TRACKING_USERNAME: 'ada' })).toThrow('MLFLOW_TRACKING_PASSWORD is not');
    expect(() => serverOf('http://ada:engine@localhost:5000', {})).toThrow('no user name or password');
  });

  test.each([
    [
      'another program',
      { body: Buffer.from('OK'), headers: { 'content-type': 'text/plain' } },
      'returned a response that is not JSON',
    ],
    [
      'a web page',
      { body: Buffer.from('<!doctype html><p>Log in'), headers: { 'content-type': 'text/html' } },
      'sent a web page',
    ],
    ['other JSON', { body: Buffer.from('{"experiment": {}}') }, 'the response has no experiment.experiment_id'],
    [
      'nothing at that path',
      { body: new Uint8Array(), status: { code: 404, body: 'Not Found' } },
      'was not found (status 404)',
    ],
    [
      'a log-in elsewhere',
      { body: new Uint8Array(), redirect: 'http://127.0.0.1:9/login' },
      'redirects to another server (status 302)',
    ],
  ])('%s at the address is told as what it is', async (_, file, message) => {
    await using server = await fileServer({ '/api/2.0/mlflow/experiments/get-by-name': file });
    const store = temporaryStore();
    const run = trainedRun(store, createExperiment(store), { raw, levels: [0.1, 0.3] });
    await expect(senderTo(store, server.origin).send(run.id)).rejects.toThrow(message);
  });

  test('a server that stays silent, or is not there', async () => {
    await using server = await fileServer({
      '/api/2.0/mlflow/experiments/get-by-name': { body: Buffer.from('{}'), stalls: [0, 0, 0] },
    });
    const store = temporaryStore();
    const run = trainedRun(store, createExperiment(store), { raw, levels: [0.1, 0.3] });
    await expect(senderTo(store, server.origin, {}, { ...impatient, stall: 200 }).send(run.id)).rejects.toThrow(
      'no answer within 0.2 seconds',
    );
    await expect(senderTo(store, 'http://127.0.0.1:9').send(run.id)).rejects.toThrow(
      /MLflow at http:\/\/127\.0\.0\.1:9: 127\.0\.0\.1:9 cannot be reached/,
    );
  });
});

describe('runs that have ended', () => {
  test('arrive completely: with their files, and with what they are compared with as a run of its own', async () => {
    await using server = await mlflowServer();
    const store = temporaryStore();
    const run = finishedRun(store, { ...tinyConfigurations.static!, seed: 7 });
    const again = async (): Promise<string[]> => senderTo(store, server.url).sendCompletely([run.id]);
    // The data of this run is not there.
    expect(await again()).toEqual([expect.stringMatching(/^BM25 is missing: /)]);
    await again();
    expect(server.runs.map(({ name, status }) => [name, status])).toEqual([
      [`${run.name}, seed 7`, 'FINISHED'],
      ['untrained', 'FINISHED'],
    ]);
    const [stored, untrained] = server.runs;
    expect(figureOf(untrained!, 'eval/mrr_at_10')).toEqual([[0, 0.25]]);
    expect(untrained!.tags.get('losslab.baseline')).toBe('untrained');
    expect([...stored!.artifacts.keys()].sort()).toEqual(['README.md', 'configuration.json', 'report.html']);
    expect(resolveConfiguration(JSON.parse(stored!.artifacts.get('configuration.json')!) as RawConfiguration)).toEqual(
      run.configuration,
    );
    expect(stored!.artifacts.get('README.md')).toContain(`losslab export-encoder ${run.id} --format`);
    expect(stored!.artifacts.get('report.html')).toMatch(/^<!doctype html>/i);
    expect(store.pendingSends()).toEqual([]);
  });

  test('a server that keeps files elsewhere gets the figures, and it is reported', async () => {
    await using server = await mlflowServer();
    server.artifactRoot = 's3://bucket/1';
    const store = temporaryStore();
    const run = trainedRun(store, createExperiment(store), { raw, levels: [0.1, 0.3] });
    expect(await senderTo(store, server.url).sendCompletely([run.id])).toContainEqual(
      expect.stringMatching(/^Files were not sent: the server keeps them in s3:\/\/bucket\/1\/r1\/artifacts/),
    );
    expect(server.runs[0]!.status).toBe('FINISHED');
  });

  test('a server that does not know datasets gets the rest', async () => {
    await using server = await mlflowServer();
    server.faults['runs/log-inputs'] = [{ status: 404, body: 'Not Found' }];
    const store = temporaryStore();
    const run = trainedRun(store, createExperiment(store), { raw, levels: [0.1, 0.3] });
    await senderTo(store, server.url).send(run.id);
    expect(server.runs[0]!.status).toBe('FINISHED');
  });
});

describe('what a server has not received', () => {
  const minutes = 60_000;

  async function unsentRun(server: MlflowStandIn): Promise<{ store: Store; run: string }> {
    const store = temporaryStore();
    const { id } = trainedRun(store, createExperiment(store), { raw, levels: [0.1, 0.3] });
    server.faults['experiments/get-by-name'] = Array.from({ length: 3 }, () => ({ status: 503, body: 'busy' }));
    await expect(senderTo(store, server.url).sendCompletely([id])).rejects.toThrow('status 503');
    return { store, run: id };
  }

  test('is sent by the next program, once', async () => {
    await using server = await mlflowServer();
    const { store, run } = await unsentRun(server);
    expect(store.pendingSends()).toMatchObject([{ run, address: server.url, experiment: 'Losses' }]);
    expect(await sendPending(store, { environment: {} })).toEqual([
      { address: server.url, runs: [run], failure: null },
    ]);
    expect(server.runs[0]).toMatchObject({ status: 'FINISHED' });
    expect(store.pendingSends()).toEqual([]);
    expect(await sendPending(store, { environment: {} })).toEqual([]);
  });

  test('is tried again if the server still does not answer, not more than once a minute, for a week', async () => {
    const server = await mlflowServer();
    const { store, run } = await unsentRun(server);
    await server[Symbol.asyncDispose]();
    const failed = { runs: [run], failure: { code: 'download' } };
    expect(await sendPending(store, { environment: {} })).toMatchObject([failed]);
    expect(await sendPending(store, { environment: {} })).toEqual([]);
    expect(await sendPending(store, { environment: {}, now: Date.now() + 2 * minutes })).toMatchObject([failed]);
    expect(store.pendingSends()).toHaveLength(1);
    expect(await sendPending(store, { environment: {}, now: Date.now() + 8 * 24 * 60 * minutes })).toEqual([]);
  });

  test('goes to that server without credentials, which may be for another one, unless they are for it', async () => {
    await using server = await mlflowServer();
    const { store } = await unsentRun(server);
    server.authorization = 'Bearer SECRET';
    const now = Date.now() + 11 * minutes;
    const other = { MLFLOW_TRACKING_TOKEN: 'SECRET', MLFLOW_TRACKING_URI: 'https://other.example' };
    const [refused] = await sendPending(store, { environment: other, now });
    expect(refused!.failure!.message).toContain('refused the credentials');
    const own = { MLFLOW_TRACKING_TOKEN: 'SECRET', MLFLOW_TRACKING_URI: `${server.url}/` };
    expect(await sendPending(store, { environment: own, now: now + 11 * minutes })).toMatchObject([{ failure: null }]);
  });

  test('is that of a run that a program left without ending it, too', async () => {
    await using server = await mlflowServer();
    const store = temporaryStore();
    const { id } = createRun(store, raw);
    store.claim(id);
    store.record(id, startedEvent(id), evaluationEvent(id, 0, 0.1), stepEvent(id, 1));
    senderTo(store, server.url).remember(id);
    expect(store.pendingSends()).toEqual([]); // It is being trained.
    store.setState(id, 'interrupted');
    expect(await sendPending(store, { environment: {} })).toMatchObject([{ runs: [id], failure: null }]);
    expect(server.runs[0]!.status).toBe('KILLED');
    // When it is resumed and ends, there is something to send again.
    store.claim(id);
    store.record(id, stepEvent(id, 2), { run: id, type: 'stopped', step: 2 });
    expect(store.pendingSends()).toHaveLength(1);
  });
});

describe('the address of a server', () => {
  test.each([
    ['127.0.0.1:5000', 'http://127.0.0.1:5000'],
    ['localhost:5000/', 'http://localhost:5000'],
    ['[::1]:5000', 'http://[::1]:5000'],
    ['mlflow.example:80/path/', 'http://mlflow.example:80/path'],
    ['https://mlflow.example/', 'https://mlflow.example'],
  ])('%s is %s', (given, address) => {
    expect(serverOf(given, {}).address).toBe(address);
    expect(serverOf(true, { MLFLOW_TRACKING_URI: given }).address).toBe(address);
  });

  test.each([
    ['mlflow.example', '("mlflow.example"): expected an address that begins with http:// or https://'],
    ['file:///tmp/mlruns', '("file:///tmp/mlruns")'],
    ['http://ada:engine@localhost:5000', 'contains no user name or password'],
  ])('%s is none', (given, message) => {
    expect(() => serverOf(given, {})).toThrow(message);
    expect(() => serverOf(given, {})).not.toThrow('engine');
  });

  test('that is not given is that of MLFLOW_TRACKING_URI', () => {
    expect(() => serverOf(true, {})).toThrow('--mlflow has no address, and MLFLOW_TRACKING_URI is not set');
    expect(() => serverOf(true, { MLFLOW_TRACKING_URI: 'databricks' })).toThrow(
      'MLFLOW_TRACKING_URI is not the address',
    );
  });
});

describe('while a run is being trained', () => {
  const pace = { pause: 20, afterFailure: 20, patience: 300 };

  async function recordLive(
    server: MlflowStandIn,
    act: (store: Store, id: string, live: LiveSender) => void | Promise<void>,
  ): Promise<{ failures: string[]; unsent: readonly string[]; store: Store; id: string }> {
    const store = temporaryStore();
    const { id } = createRun(store, raw);
    store.claim(id);
    const failures: string[] = [];
    const giveUp = new AbortController();
    const sender = new RunSender(store, new MlflowClient(serverOf(server.url, {}), impatient, giveUp.signal), 'Losses');
    const live = new LiveSender(sender, giveUp, (error) => failures.push((error as Error).message), pace);
    await act(store, id, live);
    const { unsent } = await live.finish();
    return { failures, unsent, store, id };
  }

  test('figures go out beside it, and everything at its end', async () => {
    await using server = await mlflowServer();
    const { failures } = await recordLive(server, (store, id, live) => {
      store.record(id, startedEvent(id), evaluationEvent(id, 0, 0.1));
      for (let step = 1; step <= 50; step++) {
        store.record(id, stepEvent(id, step));
        live.recorded(id);
      }
      store.setState(id, 'interrupted');
    });
    expect(failures).toEqual([]);
    expect(server.runs.map(({ name }) => name)).toEqual(['InfoNCE, seed 42', 'untrained']);
    expect(figureOf(server.runs[0]!, 'train/loss')).toHaveLength(50);
    expect(server.runs[0]!.status).toBe('KILLED');
    // Not a request for every step.
    expect(server.calls.length).toBeLessThan(30);
  });

  test('a failure is told once, stops nothing, and sending goes on later', async () => {
    await using server = await mlflowServer();
    server.faults['runs/create'] = Array.from({ length: 3 }, () => ({ status: 500, body: '' }));
    const { failures, unsent, id } = await recordLive(server, async (store, id, live) => {
      store.record(id, startedEvent(id), stepEvent(id, 1));
      live.recorded(id);
      await vi.waitFor(() => expect(server.runs).toHaveLength(1), 10_000);
      store.record(id, stepEvent(id, 2));
      live.recorded(id);
      store.setState(id, 'interrupted');
    });
    expect(failures).toEqual([expect.stringContaining('status 500')]);
    expect(unsent).toEqual([]);
    expect(
      figureOf(
        server.runs.find(({ tags }) => tags.get('losslab.run') === id)!,
        'train/loss',
      ),
    ).toHaveLength(2);
  });

  test('a server that hangs is given up at the end, and gets the rest later', async () => {
    await using server = await mlflowServer();
    const begun = performance.now();
    const { failures, unsent, store, id } = await recordLive(server, async (store, id, live) => {
      store.record(id, startedEvent(id), evaluationEvent(id, 0, 0.1), stepEvent(id, 1));
      live.recorded(id);
      await vi.waitFor(() => expect(figureOf(server.runs[0]!, 'train/loss')).toHaveLength(1), 10_000);
      server.hanging = true;
      store.record(id, stepEvent(id, 2));
      live.recorded(id);
      store.setState(id, 'interrupted');
    });
    expect(performance.now() - begun).toBeLessThan(5000);
    expect([failures, unsent]).toEqual([[], [id]]);
    expect(store.pendingSends()).toMatchObject([{ run: id }]);
    server.hanging = false;
    await sendPending(store, { environment: {}, now: Date.now() + 2 * 60_000 });
    expect(figureOf(server.runs[0]!, 'train/loss')).toHaveLength(2);
    expect(store.pendingSends()).toEqual([]);
  });
});
