import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  datasetNameOf,
  discardKaggle,
  downloadKaggle,
  type KaggleOptions,
  type KaggleProgress,
} from '../../../../../src/lab/data/kaggle/downloadKaggle.ts';
import { CredentialsNeeded } from '../../../../../src/lab/net/credentialsNeeded.ts';
import { patience } from '../../../../../src/lab/net/retry.ts';
import type { ServedFile } from '../../../../helpers/fileServer.ts';
import { labError } from '../../../../helpers/dataFiles.ts';
import {
  hashesOf,
  kaggleFiles,
  kaggleServer,
  kaggleSource,
  type KaggleServer,
} from '../../../../helpers/kaggleServer.ts';
import { temporaryHome } from '../../../../helpers/syntheticStore.ts';
import { zipOf } from '../../../../helpers/zipWriter.ts';

const quick = { ...patience, firstWait: 1, longestWait: 5, retries: 2, stall: 1000 };
const token = 'KGAT_SECRET';

async function setUp(body?: Uint8Array) {
  const server = await kaggleServer(body);
  const home = temporaryHome();
  const downloadIt = (options: KaggleOptions = {}, request = {}) =>
    downloadKaggle({ source: kaggleSource, ...request }, home, {
      environment: server.environment,
      patience: quick,
      ...options,
    });
  const left = () => (existsSync(home.downloads) ? readdirSync(home.downloads, { recursive: true }) : []);
  return { server, home, downloadIt, left, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

function withToken({ environment }: KaggleServer): NodeJS.ProcessEnv {
  return { ...environment, KAGGLE_API_TOKEN: token };
}

test('a dataset is there in one go: from where, of whom and under which licence; nothing else is left', async () => {
  await using at = await setUp();
  const progress: KaggleProgress[] = [];
  const { manifest } = await at.downloadIt({ onProgress: (each) => progress.push(each) });
  expect(manifest).toMatchObject({
    name: 'statsquestions',
    counts: { questions: 40, answers: 100 },
    origin: { reference: kaggleSource, sha256: createHash('sha256').update(at.server.archive.body).digest('hex') },
    attribution: expect.stringContaining('stats.stackexchange.com') as string,
    licence: expect.stringContaining('CC BY-SA') as string,
  });
  expect([...new Set(progress.map(({ stage }) => stage))]).toEqual([
    'downloading',
    'checking',
    'unpacking',
    'importing',
  ]);
  expect(progress.filter(({ stage }) => stage === 'downloading').at(-1)).toEqual({
    stage: 'downloading',
    done: at.server.archive.body.length,
    total: null,
  });
  expect(at.left()).toEqual([]);
});

test('a version is asked for and recorded; of others than Stack Exchange no licence is claimed', async () => {
  await using at = await setUp();
  at.server.api.files['/api/v1/datasets/download/ada/tables'] = at.server.entry;
  const { manifest } = await at.downloadIt({}, { source: 'kaggle:ada/tables@3', name: 'mine', limit: 5 });
  expect(at.server.api.requests[0]!.path).toBe('/api/v1/datasets/download/ada/tables?dataset_version_number=3');
  expect(manifest).toMatchObject({
    name: 'mine',
    limit: 5,
    origin: { reference: 'kaggle:ada/tables@3' },
    attribution: expect.stringContaining('Dataset ada/tables of Kaggle') as string,
  });
  expect(manifest.licence).toBeUndefined();
});

test('nobody is named where nobody is known; a token goes to Kaggle, and not on to the storage', async () => {
  await using at = await setUp();
  await at.downloadIt();
  expect(at.server.api.requests[0]!.headers.authorization).toBeUndefined();
  await at.downloadIt({ environment: withToken(at.server) }, { name: 'again' });
  expect(at.server.api.requests[1]!.headers.authorization).toBe(`Bearer ${token}`);
  expect(JSON.stringify(at.server.storage.requests)).not.toContain(token);
  await at.downloadIt(
    { credentials: { username: 'ada', secret: 'key', kept: 'memory', where: null } },
    { name: 'third' },
  );
  expect(at.server.api.requests[2]!.headers.authorization).toBe(`Basic ${btoa('ada:key')}`);
});

const json401: ServedFile['status'] = {
  code: 401,
  headers: { 'content-type': 'application/json' },
  body: '{"code":401,"message":"Unauthorized"}',
};
const page = '<!DOCTYPE html><title>Log in</title>';

test.each<[string, ServedFile['status'], boolean, RegExp, boolean]>([
  [
    '401 to nobody',
    json401,
    false,
    /^kaggle:stackoverflow\/statsquestions: Kaggle needs credentials \(status 401\)\.$/,
    true,
  ],
  [
    '401 to a token',
    json401,
    true,
    /Kaggle does not accept the credentials of KAGGLE_API_TOKEN \(status 401\)\.$/,
    true,
  ],
  [
    '403 to nobody',
    { code: 403, body: '{}' },
    false,
    /status 403\): the name or version is wrong, the dataset is private, or you have not accepted its terms; no credentials were sent\.$/,
    true,
  ],
  [
    '403 to a token',
    { code: 403, body: '{}' },
    true,
    /status 403\): the name or version is wrong, the dataset is private, or you have not accepted its terms\.$/,
    false,
  ],
  ['404 to nobody', { code: 404, body: '{}' }, false, /status 404\): the name or version is wrong/, false],
  [
    'a page with 404',
    { code: 404, headers: { 'content-type': 'application/json' }, body: page },
    false,
    /the server sent a web page instead of the file \(status 404, http/,
    false,
  ],
  [
    'a page with 200',
    { code: 200, headers: { 'content-type': 'application/json' }, body: page },
    false,
    /the server sent a web page instead of the file \(status 200, http/,
    false,
  ],
  ['500, again and again', { code: 500 }, false, /answers with status 500\.$/, false],
  [
    '429 for an hour',
    { code: 429, headers: { 'retry-after': '3600' } },
    false,
    /status 429, which means too many requests, and the server asks for a pause of 60 minutes/,
    false,
  ],
])('%s is told in words, and nothing is left', async (_, status, asSomebody, message, needed) => {
  await using at = await setUp();
  at.server.entry.status = status!;
  const error = await labError(at.downloadIt(asSomebody ? { environment: withToken(at.server) } : {}), 'download');
  expect(error.message).toMatch(message);
  expect(error instanceof CredentialsNeeded && error.service === 'kaggle').toBe(needed);
  expect(`${error.message} ${error.fix} ${error.stack}`).not.toMatch(/SECRET|SIGNATURE/);
  expect(at.left().filter((name) => /zip/.test(String(name)))).toEqual([]);
  expect(readdirSync(at.home.datasets)).toEqual([]);
});

test.each([
  ['in seconds', () => '1'],
  ['as a date', () => new Date(Date.now() + 1000).toUTCString()],
])('a busy server that says %s when to come back is waited for', async (_, retryAfter) => {
  await using at = await setUp();
  at.server.entry.status = { code: 429, times: 1, headers: { 'retry-after': retryAfter() } };
  expect((await at.downloadIt()).manifest.counts.questions).toBe(40);
});

test('a cut download goes on where it stopped, from a fresh signature', async () => {
  await using at = await setUp();
  const { archive, storage } = at.server;
  archive.cuts = [700, 0, 0, 0];
  await labError(at.downloadIt(), 'download');
  expect(at.left()).toContain(join('kaggle--stackoverflow--statsquestions', 'archive.zip.part'));
  archive.cuts = [];
  await at.downloadIt();
  expect(storage.requests.at(-1)!.headers.range).toBe('bytes=699-');
  expect(at.left()).toEqual([]);
});

test('a wrong hash: the bytes are removed, the error says both, and the next try begins anew', async () => {
  await using at = await setUp();
  const { archive } = at.server;
  archive.headers = { 'x-goog-hash': 'md5=AAAAAAAAAAAAAAAAAAAAAA==' };
  const error = await labError(at.downloadIt(), 'download');
  expect(error.message).toMatch(/expected MD5 0{32}, found [0-9a-f]{32}\. It was removed\./);
  expect(at.left()).toEqual(['kaggle--stackoverflow--statsquestions']);
  archive.headers = { 'x-goog-hash': hashesOf(archive.body) };
  await at.downloadIt();
});

test('an archive that is not sound is set aside: nothing is imported, and the next try fetches it anew', async () => {
  const files = kaggleFiles();
  await using at = await setUp(zipOf([...files, { name: '../evil', content: 'x' }]));
  const error = await labError(at.downloadIt(), 'data');
  expect(error.message).toBe(
    'kaggle:stackoverflow/statsquestions: archive.zip is refused because of its entry "../evil": its path leads out of the folder.',
  );
  const kept = join(at.home.downloads, 'kaggle--stackoverflow--statsquestions', 'refused.zip');
  expect(error.fix).toContain(kept);
  expect(readFileSync(kept)).toEqual(Buffer.from(at.server.archive.body));
  expect(readdirSync(at.home.datasets)).toEqual([]);
  const sound = zipOf(files);
  Object.assign(at.server.archive, { body: sound, headers: { 'x-goog-hash': hashesOf(sound) } });
  await at.downloadIt();
  expect(at.left()).toEqual([]);
});

test('cancelled after it has arrived, it is not fetched a second time', async () => {
  await using at = await setUp();
  const controller = new AbortController();
  const reason = new Error('enough');
  await expect(
    at.downloadIt({
      signal: controller.signal,
      onProgress: ({ stage }) => stage === 'unpacking' && controller.abort(reason),
    }),
  ).rejects.toBe(reason);
  expect(readdirSync(at.home.datasets)).toEqual([]);
  await at.downloadIt();
  expect(at.server.storage.requests).toHaveLength(1);
});

test('a name that is taken is told before anything is asked for', async () => {
  await using at = await setUp();
  mkdirSync(join(at.home.datasets, 'statsquestions'));
  await labError(at.downloadIt(), 'usage');
  expect(at.server.api.requests).toEqual([]);
});

test('one at a time; what has arrived can be forgotten afterwards, not meanwhile', async () => {
  await using at = await setUp();
  const { promise, resolve } = Promise.withResolvers<unknown>();
  const first = at.downloadIt({ onProgress: ({ stage }) => stage === 'downloading' && resolve(null) });
  await promise;
  const second = await labError(at.downloadIt({}, { name: 'second' }), 'storage');
  expect(second.message).toBe(`${kaggleSource} is being downloaded already.`);
  await labError(discardKaggle(kaggleSource, at.home), 'storage');
  await first;
  at.server.archive.cuts = [100, 0, 0];
  await labError(at.downloadIt({}, { name: 'third' }), 'download');
  await discardKaggle(kaggleSource, at.home);
  expect(at.left()).toEqual([]);
});

test.each([
  'kaggle:only',
  'kaggle:../etc/passwd',
  'kaggle:a/b@0',
  'kaggle:a/b@x',
  'kaggle:a/b/c',
  'hf:a/b',
  'kaggle:a/.',
])('"%s" is not a dataset of Kaggle', async (source) => {
  await using at = await setUp();
  await labError(at.downloadIt({}, { source, name: 'any' }), 'usage');
  expect(at.left()).toEqual([]);
});

test('a dataset is called as asked, else as its source', () => {
  expect(datasetNameOf({ source: 'kaggle:ada/tables@3' })).toBe('tables');
  expect(datasetNameOf({ source: 'kaggle:ada/tables', name: 'mine' })).toBe('mine');
});
