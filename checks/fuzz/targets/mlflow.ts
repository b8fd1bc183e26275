/** Answers of MLflow servers when a run is sent. */
import { MlflowClient } from '../../../src/lab/export/runs/mlflow/client.ts';
import { describeRun, runTag, sentTags } from '../../../src/lab/export/runs/mlflow/records.ts';
import { logMetrics, openExperiment, openRun, updateStatus } from '../../../src/lab/export/runs/mlflow/tracking.ts';
import { resolveConfiguration } from '../../../src/shared/configuration.ts';
import { LabError } from '../../../src/shared/errors.ts';
import type { Run } from '../../../src/shared/history.ts';
import { require, type FuzzTarget, type Outcome } from '../target.ts';
import { answer, responseMaker } from './answers.ts';

const secret = 'do-not-tell-0123456789';
const server = { address: 'https://mlflow.invalid', authorization: `Bearer ${secret}` };
const patience = { retries: 1, firstWait: 0, longestWait: 0, longestAsked: 0, stall: 2000 };

const configuration = resolveConfiguration({});
const run: Run = {
  ...{
    id: 'a-run',
    name: 'infonce',
    experiment: 'an-experiment',
    seed: 1,
    dataset: { name: 'sample', hash: 'd'.repeat(64) },
    configuration,
    recipe: configuration.recipe,
  },
  ...{
    state: 'finished',
    skipped: false,
    created: '2026-11-23T00:00:00Z',
    started: null,
    ended: '2026-11-23T00:01:00Z',
    start: null,
  },
  ...{ steps_done: 9, training_seconds: 3, peak_memory_bytes: null, encoder: null, failure: null },
};

/** Normal answers of a server, by method. */
const sound: Readonly<Record<string, unknown>> = {
  'experiments/get-by-name': { experiment: { experiment_id: '1', name: 'LossLab', lifecycle_stage: 'active' } },
  'experiments/create': { experiment_id: '1' },
  'runs/search': {
    runs: [
      {
        info: { run_id: 'r1' },
        data: {
          tags: [
            { key: runTag, value: run.id },
            { key: sentTags.steps, value: '4' },
            { key: sentTags.evaluations, value: '0' },
          ],
        },
      },
    ],
  },
  'runs/create': { run: { info: { run_id: 'r1' } } },
  'runs/log-batch': {},
  'runs/update': { run_info: { run_id: 'r1' } },
};
const refusals = [
  answer(404, {}, JSON.stringify({ error_code: 'RESOURCE_DOES_NOT_EXIST', message: 'Could not find it' })),
  answer(401, {}, 'Unauthorized'),
  answer(429, { 'retry-after': '1' }, ''),
  answer(302, { location: 'https://other.invalid/' }, ''),
];

function soundAnswer(method: string): Buffer {
  return answer(200, { 'content-type': 'application/json' }, JSON.stringify(sound[method]));
}

/** The answer to one method, after the name of the method; all other methods get normal answers. */
export const mlflowAnswer: FuzzTarget = {
  seeds: () =>
    Object.keys(sound).flatMap((method) =>
      [soundAnswer(method), ...(method === 'runs/search' ? refusals : [])].map((bytes) =>
        Buffer.concat([Buffer.from(`${method}\n`), bytes]),
      ),
    ),
  words: [
    ...Object.keys(sound).map((method) => `${method}\n`),
    '"experiment_id":',
    '"run_id":',
    '"runs":[]',
    '"value":"NaN"',
    '"value":"-1"',
    '1e999',
    'null',
    '[',
    '<html>',
    'location: //other.invalid\n',
  ],
  async parse(input): Promise<Outcome> {
    const bytes = Buffer.from(input);
    const end = bytes.indexOf('\n');
    const answered = responseMaker(bytes.subarray(end + 1));
    if (answered === null) return 'refused'; // no server's answer reaches the lab like this
    const makers = new Map(Object.keys(sound).map((method) => [method, responseMaker(soundAnswer(method))!]));
    makers.set(bytes.toString('latin1', 0, Math.max(0, end)), answered);
    return send(makers);
  },
};

async function send(makers: ReadonlyMap<string, () => Response>): Promise<Outcome> {
  const told: string[] = [];
  globalThis.fetch = (url, init) => {
    const { origin, pathname, href } = url as URL;
    if (origin !== server.address && new Headers(init?.headers).has('authorization')) told.push(href);
    const make = makers.get(pathname.slice('/api/2.0/mlflow/'.length));
    return make ? Promise.resolve(make()) : Promise.reject(new TypeError('fetch failed'));
  };
  const client = new MlflowClient(server, patience);
  try {
    const experiment = await openExperiment(client, 'LossLab');
    const remote = await openRun(client, experiment, describeRun(run));
    require(experiment !== '' &&
      remote.id !== '', `the experiment is ${JSON.stringify(experiment)}, the run ${JSON.stringify(remote.id)}`);
    require(Number.isSafeInteger(remote.steps) && remote.steps >= 0, `${remote.steps} steps have arrived`);
    require(Number.isSafeInteger(remote.evaluations) &&
      remote.evaluations >= -1, `evaluations have arrived up to step ${remote.evaluations}`);
    await logMetrics(client, remote.id, [[{ key: 'train/loss', value: 1, timestamp: 0, step: 5 }]], sentTags.steps);
    await updateStatus(client, remote.id, run.state, run.ended);
    return 'accepted';
  } catch (error) {
    if (error instanceof LabError)
      require(!`${error.message} ${error.fix}`.includes(secret), 'the token stands in the message');
    throw error;
  } finally {
    require(told.length === 0, `the token was sent to ${told.join()}`);
  }
}
