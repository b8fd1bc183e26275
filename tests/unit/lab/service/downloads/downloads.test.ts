import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { memorySecrets } from '../../../../../src/lab/net/secretStore.ts';
import { credentialMethods } from '../../../../../src/lab/service/settings/credentials.ts';
import { Downloads } from '../../../../../src/lab/service/downloads/downloads.ts';
import type { DownloadRequest, DownloadView } from '../../../../../src/shared/contract/downloads.ts';
import { eventually } from '../../../../helpers/commandLine.ts';
import { labError } from '../../../../helpers/dataFiles.ts';
import { commitA, filesOf, hubServer } from '../../../../helpers/hubServer.ts';
import {
  hashesOf,
  kaggleFiles,
  kaggleServer,
  kaggleSource,
  type KaggleServer,
} from '../../../../helpers/kaggleServer.ts';
import { silentConnection, temporaryContext } from '../../../../helpers/serviceContext.ts';
import { tinyQuestions } from '../../../../helpers/tinyData.ts';
import { modelFolder, sentenceFiles, tinyMiniLm } from '../../../../helpers/tinyModels.ts';
import { zipOf } from '../../../../helpers/zipWriter.ts';

/** A lab in front of a server, and nobody's credentials on this machine. */
async function setUp() {
  const server = await kaggleServer();
  for (const name of ['KAGGLE_API_TOKEN', 'KAGGLE_USERNAME', 'KAGGLE_KEY', 'KAGGLE_CONFIG_DIR', 'HF_TOKEN'])
    vi.stubEnv(name, undefined);
  for (const [name, value] of Object.entries({ ...server.environment, HF_HOME: server.environment.HOME }))
    vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
  const context = temporaryContext();
  return { server, context, ...lab(context), [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

/** The downloads of a home, as a program that opens it has them. */
function lab(context: ReturnType<typeof temporaryContext>) {
  const secrets = memorySecrets();
  const downloads = new Downloads(context, secrets);
  onTestFinished(() => downloads.close());
  const methods = { ...downloads.methods, ...credentialMethods(secrets) };
  const list = async () => methods['downloads.list']({}, silentConnection);
  const start = async (request: Partial<DownloadRequest> = {}) =>
    methods['downloads.start']({ source: kaggleSource, ...request }, silentConnection);
  const on = (action: 'resume' | 'cancel' | 'discard') => async (id: string) =>
    methods[`downloads.${action}`]({ id }, silentConnection);
  return { downloads, methods, list, start, resume: on('resume'), cancel: on('cancel'), discard: on('discard') };
}

type Context = ReturnType<typeof temporaryContext>;

/** What screens have been told of downloads, one after the other. */
function told({ notifications }: Context): DownloadView[] {
  return notifications.flatMap((notification) => (notification.type === 'downloads' ? notification.downloads : []));
}

function untilTold(context: Context, state: DownloadView['state']): Promise<DownloadView> {
  return eventually(
    `a download that is ${state}`,
    () => told(context).findLast((view) => view.state === state),
    10_000,
  );
}

/** The storage answers with the first bytes, and then with nothing more. */
async function stalledDownload(
  at: { server: KaggleServer; context: Context; start: () => Promise<DownloadView> },
  bytes = 700,
): Promise<DownloadView> {
  at.server.archive.stalls = [bytes];
  const started = await at.start();
  await eventually('bytes', () => told(at.context).some(({ done }) => done === bytes), 10_000);
  return started;
}

test('a download is told from its start to its dataset', async () => {
  await using at = await setUp();
  const started = await at.start();
  expect(started).toMatchObject({
    request: { source: kaggleSource },
    state: 'running',
    stage: 'Starting',
    failure: null,
    needsCredentials: null,
    result: null,
  });
  const finished = await untilTold(at.context, 'finished');
  expect(finished).toMatchObject({
    id: started.id,
    result: { kind: 'dataset', name: 'statsquestions' },
    bytesPerSecond: null,
    secondsLeft: null,
  });
  expect(at.context.notifications).toContainEqual({ type: 'datasets' });
  expect(await at.list()).toEqual([finished]);
  expect(existsSync(join(at.context.home.datasets, 'statsquestions', 'manifest.json'))).toBe(true);
  await at.discard(started.id);
  expect(await at.list()).toEqual([]);
  expect(readdirSync(at.context.home.downloads)).toEqual([]);
});

test('however often something changes, screens are told at most five times a second between start and end', async () => {
  await using at = await setUp();
  const body = zipOf(kaggleFiles(tinyQuestions(4000)));
  Object.assign(at.server.archive, { body, headers: { 'x-goog-hash': hashesOf(body) } });
  const begun = performance.now();
  await at.start();
  await untilTold(at.context, 'finished');
  const fifths = Math.ceil((performance.now() - begun) / 200);
  const stages = new Set(told(at.context).map(({ stage }) => stage));
  expect(stages).toContain('Importing');
  expect(told(at.context).length).toBeLessThanOrEqual(fifths + 2);
});

test('bytes, rate and time left are told while they arrive', async () => {
  await using at = await setUp();
  at.server.archive.contentLength = at.server.archive.body.length;
  const { id } = await stalledDownload(at);
  const [view] = await at.list();
  expect(view).toMatchObject({ id, stage: 'Downloading the archive', done: 700, total: at.server.archive.body.length });
  expect(view!.bytesPerSecond).toBeGreaterThan(0);
  expect(view!.secondsLeft).toBeGreaterThan(0);
});

test('what the end of the lab interrupts is there at its next start, and goes on from where it was', async () => {
  await using at = await setUp();
  const { id } = await stalledDownload(at);
  await at.downloads.close();
  await labError(at.start({ name: 'late' }), 'usage');
  const next = lab(at.context);
  expect(await next.list()).toMatchObject([{ id, state: 'interrupted', done: 700, result: null }]);
  await next.resume(id);
  expect(await untilTold(at.context, 'finished')).toMatchObject({
    id,
    result: { kind: 'dataset', name: 'statsquestions' },
  });
  expect(at.server.storage.requests.at(-1)!.headers.range).toBe('bytes=699-');
  await labError(next.resume(id), 'usage');
});

test('a lab that was killed leaves an interrupted download; one that lives keeps its own', async () => {
  await using at = await setUp();
  const { id } = await stalledDownload(at);
  const file = join(at.context.home.downloads, `${id}.json`);
  const running = readFileSync(file, 'utf8');
  await at.downloads.close();
  const ownedBy = (pid: number) =>
    writeFileSync(file, running.replace(/"owner":\{.*?\}/, `"owner":{"pid":${pid},"startToken":""}`));
  const next = lab(at.context);
  ownedBy(process.ppid);
  expect(await next.list()).toMatchObject([{ id, state: 'running' }]);
  for (const action of [next.resume, next.cancel, next.discard])
    expect((await labError(action(id), 'usage')).message).toBe(
      `Another program (process ${process.ppid}) is downloading ${kaggleSource}.`,
    );
  await labError(next.start(), 'usage');
  ownedBy(2 ** 22 + 1);
  expect(await next.list()).toMatchObject([{ id, state: 'interrupted' }]);
  await next.resume(id);
  await untilTold(at.context, 'finished');
});

test('cancelled, it keeps what has arrived; discarded, nothing', async () => {
  await using at = await setUp();
  const { id } = await stalledDownload(at);
  await at.cancel(id);
  expect(await at.list()).toMatchObject([{ id, state: 'cancelled', failure: null, done: 700 }]);
  const folder = join(at.context.home.downloads, 'kaggle--stackoverflow--statsquestions');
  expect(statSync(join(folder, 'archive.zip.part')).size).toBe(700);
  expect(existsSync(join(folder, 'lock'))).toBe(false);
  await at.discard(id);
  expect(await at.list()).toEqual([]);
  expect(readdirSync(at.context.home.downloads)).toEqual([]);
  expect(readdirSync(at.context.home.datasets)).toEqual([]);
});

test('a running download can be discarded at once', async () => {
  await using at = await setUp();
  const { id } = await stalledDownload(at);
  await at.discard(id);
  expect(readdirSync(at.context.home.downloads)).toEqual([]);
});

test('one download for a source; a second request takes the place of one that has ended', async () => {
  await using at = await setUp();
  const { id } = await stalledDownload(at);
  expect((await labError(at.start({ name: 'other' }), 'usage')).message).toBe(
    `${kaggleSource} is already being downloaded.`,
  );
  await labError(at.resume(id), 'usage');
  await at.cancel(id);
  const again = await at.start({ name: 'other' });
  await untilTold(at.context, 'finished');
  expect(await at.list()).toMatchObject([{ id: again.id, result: { kind: 'dataset', name: 'other' } }]);
  expect(at.server.storage.requests.at(-1)!.headers.range).toBe('bytes=699-');
});

test.each([
  [
    'what no source is',
    { source: 'https://example.org/a.zip' },
    /is not a source of downloads: expected kaggle:owner\/name or hf:repository/,
  ],
  ['a broken reference', { source: 'kaggle:nobody' }, /is not a dataset of Kaggle/],
  ['a bad name', { name: '../evil' }, /cannot be the name of a dataset/],
])('%s is refused before it is a download', async (_, request, message) => {
  await using at = await setUp();
  expect((await labError(at.start(request), 'usage')).message).toMatch(message);
  expect(await at.list()).toEqual([]);
});

test('a failure is told with what can be done; a repaired cause lets it go on', async () => {
  await using at = await setUp();
  at.server.entry.status = { code: 404, body: '{}' };
  const { id } = await at.start();
  const failed = await untilTold(at.context, 'failed');
  expect(failed).toMatchObject({
    id,
    needsCredentials: null,
    failure: { code: 'download', message: expect.stringContaining('status 404') as string },
  });
  delete at.server.entry.status;
  await at.resume(id);
  expect(await untilTold(at.context, 'finished')).toMatchObject({ id, failure: null });
});

test('credentials that are asked for are taken, sent to Kaggle, and never told or stored', async () => {
  await using at = await setUp();
  const token = 'KGAT_TOPSECRET';
  at.server.entry.status = { code: 401, body: '{"code":401,"message":"Unauthorized"}' };
  const { id } = await at.start();
  expect(await untilTold(at.context, 'failed')).toMatchObject({ id, needsCredentials: 'kaggle' });
  expect(await at.methods['credentials.list']({}, silentConnection)).toEqual([
    { service: 'kaggle', kept: null, where: null },
    { service: 'huggingface', kept: null, where: null },
  ]);
  expect(await at.methods['credentials.set']({ service: 'kaggle', secret: ` ${token}\n` }, silentConnection)).toEqual({
    service: 'kaggle',
    kept: 'memory',
    where: null,
  });
  await at.resume(id);
  await eventually(
    'a refused token',
    () => told(at.context).some(({ failure }) => failure?.message.includes('does not accept')),
    10_000,
  );
  delete at.server.entry.status;
  at.server.archive.cuts = [700];
  await at.resume(id);
  await untilTold(at.context, 'finished');
  expect(at.server.api.requests.at(-1)!.headers.authorization).toBe(`Bearer ${token}`);
  expect(JSON.stringify(at.server.storage.requests)).not.toContain(token);
  expect(
    JSON.stringify([
      at.context.notifications,
      await at.list(),
      await at.methods['credentials.list']({}, silentConnection),
    ]),
  ).not.toContain('TOPSECRET');
  expect(filesThatHold(at.context.home.folder, /TOPSECRET|SIGNATURE/)).toEqual([]);
  await at.methods['credentials.forget']({ service: 'kaggle' }, silentConnection);
  expect(await at.methods['credentials.list']({}, silentConnection)).toMatchObject([{ kept: null }, { kept: null }]);
});

function filesThatHold(folder: string, pattern: RegExp): string[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((file) => pattern.test(readFileSync(file, 'latin1')));
}

test('what is found where the tools look is listed by its place, and what is set here goes first', async () => {
  await using at = await setUp();
  vi.stubEnv('KAGGLE_USERNAME', 'ada');
  vi.stubEnv('KAGGLE_KEY', 'KEY');
  vi.stubEnv('HF_TOKEN', 'hf_TOKEN');
  const list = async () => at.methods['credentials.list']({}, silentConnection);
  const hub = { service: 'huggingface', kept: 'environment', where: 'HF_TOKEN' };
  expect(await list()).toEqual([
    { service: 'kaggle', kept: 'environment', where: 'KAGGLE_USERNAME and KAGGLE_KEY' },
    hub,
  ]);
  await at.methods['credentials.set']({ service: 'kaggle', username: 'bob', secret: 'key' }, silentConnection);
  expect(await list()).toEqual([{ service: 'kaggle', kept: 'memory', where: null }, hub]);
  await at.start();
  await untilTold(at.context, 'finished');
  expect(at.server.api.requests[0]!.headers.authorization).toBe(`Basic ${btoa('bob:key')}`);
});

test('a key that could never be sent is refused when it is set', async () => {
  await using at = await setUp();
  const error = await labError(
    async () => at.methods['credentials.set']({ service: 'kaggle', secret: 'no token' }, silentConnection),
    'configuration',
  );
  expect(error.message).toContain('The credential that was set for Kaggle is not a token');
  expect(await at.methods['credentials.list']({}, silentConnection)).toMatchObject([{ kept: null }, { kept: null }]);
});

test('an encoder comes from the Hub, with the token that was set, which goes nowhere else', async () => {
  await using at = await setUp();
  await using hub = await hubServer();
  hub.add(
    'org/tiny',
    commitA,
    filesOf(
      modelFolder(
        tinyMiniLm(),
        {},
        { ...sentenceFiles(24, 'pooling_mode_mean_tokens'), 'vocab.txt': '[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\n' },
      ),
    ),
  );
  vi.stubEnv('HF_ENDPOINT', hub.endpoint);
  const cache = join(at.context.home.folder, 'hub');
  vi.stubEnv('HF_HUB_CACHE', cache);
  const config = hub.stored(commitA, 'config.json');
  config.status = { code: 403, headers: { 'x-error-code': 'GatedRepo' } };
  const { id } = await at.start({ source: 'hf:org/tiny' });
  expect(await untilTold(at.context, 'failed')).toMatchObject({ id, needsCredentials: 'huggingface' });
  await at.methods['credentials.set']({ service: 'huggingface', secret: 'hf_TOPSECRET' }, silentConnection);
  delete config.status;
  const weights = hub.stored(commitA, 'model.safetensors');
  weights.stalls = [700];
  await at.resume(id);
  await eventually('bytes of the weights', () => told(at.context).some(({ done }) => done === 700), 10_000);
  await at.cancel(id);
  const parts = () => readdirSync(cache, { recursive: true }).filter((name) => /\.part/.test(String(name)));
  expect(parts()).toHaveLength(2);
  await at.discard(id);
  expect(parts()).toEqual([]);
  await at.start({ source: 'hf:org/tiny' });
  expect(await untilTold(at.context, 'finished')).toMatchObject({
    result: { kind: 'encoder', encoder: `hf:org/tiny@${commitA}` },
  });
  expect(at.context.notifications).toContainEqual({ type: 'encoders' });
  expect(hub.hub.requests.at(-1)!.headers.authorization).toBe('Bearer hf_TOPSECRET');
  expect(JSON.stringify([hub.storage.requests, at.context.notifications])).not.toContain('TOPSECRET');
  expect(filesThatHold(at.context.home.folder, /TOPSECRET|QUERY/)).toEqual([]);
});

test('records that cannot be understood are passed over, and stay', async () => {
  await using at = await setUp();
  const file = join(at.context.home.downloads, 'other.json');
  writeFileSync(file, '{"state": "paused"}');
  expect(await lab(at.context).list()).toEqual([]);
  expect(existsSync(file)).toBe(true);
});
