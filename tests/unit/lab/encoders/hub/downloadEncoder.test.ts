import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { CachedRepository } from '../../../../../src/lab/net/hub/hubCache.ts';
import {
  downloadEncoder,
  type EncoderDownloadOptions,
  type EncoderProgress,
} from '../../../../../src/lab/encoders/hub/downloadEncoder.ts';
import { CredentialsNeeded } from '../../../../../src/lab/net/credentialsNeeded.ts';
import { patience } from '../../../../../src/lab/net/retry.ts';
import { resolveEncoder } from '../../../../../src/lab/encoders/hub/reference.ts';
import { randomStream } from '../../../../../src/lab/base/random.ts';
import { labError } from '../../../../helpers/dataFiles.ts';
import { commitA, commitB, filesOf, gitHash, hubServer, sha256Of } from '../../../../helpers/hubServer.ts';
import { temporaryFolder } from '../../../../helpers/syntheticStore.ts';
import { modelFolder, sentenceFiles, tinyBert, tinyMiniLm, type StorageForm } from '../../../../helpers/tinyModels.ts';

const quick = { ...patience, firstWait: 1, longestWait: 5, stall: 2000 };
const token = 'hf_SECRET';
const vocabulary = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', ...'abcdefghijklmnopqrstuvwxy'].join('\n');
const further = { 'vocab.txt': vocabulary, 'README.md': '---\nlicense: apache-2.0\n---\n# A model\n' };

function miniLm(form: StorageForm = {}): Record<string, Buffer> {
  return filesOf(modelFolder(tinyMiniLm(), form, { ...sentenceFiles(24, 'pooling_mode_mean_tokens'), ...further }));
}

async function setUp(files: Record<string, Buffer | string> = miniLm()) {
  const server = await hubServer();
  server.add('org/tiny', commitA, files);
  const cache = join(temporaryFolder(), 'hub');
  const settings = { endpoint: server.endpoint, cache, offline: false, token };
  const fetchIt = (reference = 'hf:org/tiny', options: EncoderDownloadOptions = {}) =>
    downloadEncoder(reference, { settings, patience: quick, ...options });
  return {
    server,
    cache,
    settings,
    fetchIt,
    cached: new CachedRepository(cache, 'org/tiny'),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

test('a repository lies in the cache as the Python tools keep it', async () => {
  const files = miniLm();
  await using at = await setUp(files);
  const progress: EncoderProgress[] = [];
  const downloaded = await at.fetchIt('hf:org/tiny', { onProgress: (each) => progress.push(each) });
  const folder = join(at.cache, 'models--org--tiny');
  const snapshot = join(folder, 'snapshots', commitA);
  expect(downloaded).toMatchObject({ encoder: `hf:org/tiny@${commitA}`, commit: commitA, folder: snapshot });
  expect(readFileSync(join(folder, 'refs', 'main'), 'utf8')).toBe(commitA);
  for (const [name, content] of Object.entries(files)) {
    expect(readFileSync(join(snapshot, name))).toEqual(content);
    const blob = name.endsWith('.safetensors') ? sha256Of(content) : gitHash(content);
    expect(readlinkSync(join(snapshot, name))).toBe(join(...name.split('/').map(() => '..'), '..', 'blobs', blob));
  }
  expect(readdirSync(join(folder, 'blobs'))).toHaveLength(new Set(Object.values(files).map(String)).size);
  expect(readdirSync(join(folder, '.no_exist', commitA)).sort()).toEqual([
    'special_tokens_map.json',
    'tokenizer.json',
    'tokenizer_config.json',
  ]);
  expect(progress.at(-1)).toEqual({
    stage: 'Downloading model.safetensors',
    done: files['model.safetensors']!.length,
    total: files['model.safetensors']!.length,
  });
  expect(resolveEncoder('hf:org/tiny', at.settings)).toEqual({ folder: snapshot, source: `hf:org/tiny@${commitA}` });
});

test('what is there is not fetched again', async () => {
  await using at = await setUp();
  await at.fetchIt();
  const before = at.server.hub.requests.length;
  await at.fetchIt();
  expect(at.server.hub.requests.slice(before).map(({ method }) => method)).not.toContain('GET');
  expect(at.server.storage.requests.filter(({ method }) => method === 'GET')).toHaveLength(1);
});

test('the token goes to the Hub, and not to where its files lie', async () => {
  await using at = await setUp();
  await at.fetchIt();
  expect(new Set(at.server.hub.requests.map(({ headers }) => headers.authorization))).toEqual(
    new Set([`Bearer ${token}`]),
  );
  expect(at.server.storage.requests.length).toBeGreaterThan(0);
  expect(at.server.storage.requests.every(({ headers }) => headers.authorization === undefined)).toBe(true);
});

test('cuts at random bytes of the weights', async () => {
  await using at = await setUp();
  const served = at.server.stored(commitA, 'model.safetensors');
  const random = randomStream(3, 'sample');
  served.cuts = Array.from({ length: 20 }, () => 600 + random.integer(500));
  await at.fetchIt();
  expect(at.server.storage.requests.length).toBeGreaterThan(10);
  expect(sha256Of(readFileSync(join(resolveEncoder('hf:org/tiny', at.settings).folder, 'model.safetensors')))).toBe(
    sha256Of(served.body),
  );
});

test('a download that was stopped is not taken for whole, and is gone on with', async () => {
  await using at = await setUp();
  at.server.stored(commitA, 'model.safetensors').stalls = [5000];
  const controller = new AbortController();
  const reason = new Error('enough');
  await expect(
    at.fetchIt('hf:org/tiny', {
      signal: controller.signal,
      onProgress: ({ done }) => done === 5000 && controller.abort(reason),
    }),
  ).rejects.toBe(reason);
  const error = await labError(() => resolveEncoder('hf:org/tiny', at.settings), 'encoder');
  expect(error.message).toBe(`hf:org/tiny is not in the cache ${at.cache}.`);
  expect((await labError(() => resolveEncoder(`hf:org/tiny@${commitA}`, at.settings), 'encoder')).message).toContain(
    'is incomplete (model.safetensors is missing',
  );
  await at.fetchIt();
  expect(at.server.storage.requests.map(({ headers }) => headers.range)).toEqual([undefined, 'bytes=5000-']);
  resolveEncoder('hf:org/tiny', at.settings);
});

test('weights in parts, and a linear layer in a folder of its own', async () => {
  const dense = { type: 'sentence_transformers.models.Dense', path: '2_Dense' };
  const denseWeights = miniLm()['model.safetensors']!;
  const files = {
    ...filesOf(
      modelFolder(
        tinyMiniLm(),
        { shards: 2 },
        { ...sentenceFiles(24, 'pooling_mode_mean_tokens', [dense]), ...further },
      ),
    ),
    '2_Dense/config.json': '{}',
    '2_Dense/model.safetensors': denseWeights,
  };
  await using at = await setUp(files);
  await at.fetchIt();
  const { folder } = resolveEncoder('hf:org/tiny', at.settings);
  expect(Object.keys(filesOf(at.cached.folder)).length).toBeGreaterThan(0);
  for (const [name, content] of Object.entries(files))
    expect(readFileSync(join(folder, name), 'utf8')).toBe(String(content));
  rmSync(join(folder, '2_Dense', 'model.safetensors'));
  expect((await labError(() => resolveEncoder('hf:org/tiny', at.settings), 'encoder')).message).toContain(
    '2_Dense/model.safetensors is missing',
  );
});

test('a branch, a tag or a commit; the revision points to its commit when all is there', async () => {
  await using at = await setUp();
  await at.fetchIt();
  const after = { ...miniLm(), 'README.md': 'new' };
  at.server.add('org/tiny', commitB, after, ['main', 'v2', 'refs/pr/1']);
  at.server.stored(commitB, 'README.md').status = { code: 500 };
  await labError(() => at.fetchIt(), 'download');
  expect(resolveEncoder('hf:org/tiny', at.settings).source).toBe(`hf:org/tiny@${commitA}`);
  delete at.server.stored(commitB, 'README.md').status;
  for (const revision of ['main', 'v2', 'refs/pr/1', commitB]) {
    expect((await at.fetchIt(`hf:org/tiny@${revision}`)).commit).toBe(commitB);
    expect(resolveEncoder(`hf:org/tiny@${revision}`, at.settings).source).toBe(`hf:org/tiny@${commitB}`);
  }
  // Equal contents are kept once.
  expect(readdirSync(join(at.cached.folder, 'blobs'))).toHaveLength(
    new Set([...Object.values(miniLm()), 'new'].map(String)).size,
  );
});

test('a repository that has another name now is found under the old one', async () => {
  await using at = await setUp();
  for (const path of Object.keys(at.server.hub.files)) {
    at.server.hub.files[path.replace('/org/tiny/', '/old/')] = { body: new Uint8Array(), redirect: path };
  }
  at.server.add('old', commitA, {});
  expect(await at.fetchIt('hf:old')).toMatchObject({
    encoder: `hf:old@${commitA}`,
    folder: join(at.cache, 'models--old', 'snapshots', commitA),
  });
  expect(at.server.hub.requests.every(({ headers }) => headers.authorization === `Bearer ${token}`)).toBe(true);
});

test('a snapshot that another tool has fetched in part is not trusted: what it leaves out would decide', async () => {
  await using at = await setUp();
  const snapshot = at.cached.snapshot(commitA);
  mkdirSync(dirname(join(at.cached.folder, 'refs', 'main')), { recursive: true });
  mkdirSync(snapshot, { recursive: true });
  writeFileSync(join(at.cached.folder, 'refs', 'main'), commitA);
  for (const name of ['config.json', 'model.safetensors', 'vocab.txt'])
    writeFileSync(join(snapshot, name), miniLm()[name]!);
  const error = await labError(() => resolveEncoder('hf:org/tiny', at.settings), 'encoder');
  expect(error.message).toContain('modules.json');
  expect(error.fix).toMatch(/^Download it with: losslab download hf:org\/tiny\nOr choose another encoder: --encoder/);
  await at.fetchIt();
  expect(lstatSync(join(snapshot, '1_Pooling', 'config.json')).isSymbolicLink()).toBe(true);
  resolveEncoder('hf:org/tiny', at.settings);
});

test.each<[string, string, { code: number; headers?: Record<string, string> }, string]>([
  [
    'gated',
    'hf:org/tiny',
    { code: 403, headers: { 'x-error-code': 'GatedRepo' } },
    'its owners require that you accept their terms. The owner of the token that was sent has not accepted them',
  ],
  ['401 without a code', 'hf:org/tiny', { code: 401 }, 'the repository does not exist at'],
  [
    'RepoNotFound',
    'hf:org/tiny',
    { code: 404, headers: { 'x-error-code': 'RepoNotFound' } },
    'or it is private and the token that was sent has no access',
  ],
])('%s asks for credentials', async (_, reference, status, message) => {
  await using at = await setUp();
  at.server.stored(commitA, 'config.json').status = status;
  const error = await labError(() => at.fetchIt(reference), 'download');
  expect(error).toBeInstanceOf(CredentialsNeeded);
  expect(error.message).toContain(message);
  expect(`${error.message} ${error.fix}`).not.toContain('SECRET');
  expect(existsSync(at.cached.folder)).toBe(false);
});

test.each([
  ['hf:org/none', 'hf:org/none: the repository does not exist at'],
  ['hf:org/tiny@v9', 'hf:org/tiny@v9: the repository has no revision "v9"'],
])('%s is told', async (reference, message) => {
  await using at = await setUp();
  expect((await labError(() => at.fetchIt(reference), 'download')).message).toContain(message);
});

test.each<[string, Record<string, string>, 'download' | 'encoder', string]>([
  ['without config.json', { 'README.md': '' }, 'download', 'has no file config.json'],
  [
    'of another architecture',
    { 'config.json': '{"model_type":"t5"}', 'model.safetensors': 'x' },
    'encoder',
    'the architecture "t5" is not supported',
  ],
  [
    'with weights of PyTorch only',
    { 'config.json': JSON.stringify(tinyBert().config), 'pytorch_model.bin': 'x' },
    'encoder',
    'its weights are only in pytorch_model.bin',
  ],
  [
    'without weights',
    { 'config.json': JSON.stringify(tinyBert().config) },
    'encoder',
    'expected weights in model.safetensors; it has no weights',
  ],
])('a repository %s is refused before weights are fetched', async (_, files, code, message) => {
  await using at = await setUp(files);
  expect((await labError(() => at.fetchIt(), code)).message).toContain(message);
  expect(at.server.storage.requests).toEqual([]);
  await labError(() => resolveEncoder('hf:org/tiny', at.settings), 'encoder');
});

test.each(['config.json', 'model.safetensors'])('%s with wrong content is removed', async (name) => {
  await using at = await setUp();
  const served = at.server.stored(commitA, name);
  served.etag = `"${gitHash(served.body)}"`;
  served.body = Uint8Array.from(served.body, (byte, index) => (index === 10 ? byte ^ 1 : byte));
  const error = await labError(() => at.fetchIt(), 'download');
  expect(error.message).toMatch(
    name === 'config.json'
      ? /expected Git hash [0-9a-f]{40}, found [0-9a-f]{40}/
      : /expected SHA-256 [0-9a-f]{64}, found [0-9a-f]{64}/,
  );
  expect(
    Object.keys(filesOf(at.cached.folder)).filter((file) => file.endsWith('.part') || file.endsWith(name)),
  ).toEqual([]);
  await labError(() => resolveEncoder(`hf:org/tiny@${commitA}`, at.settings), 'encoder');
});

test('a server that is no Hub, and one that sends a page', async () => {
  await using at = await setUp();
  at.server.stored(commitA, 'config.json').headers = {};
  expect((await labError(() => at.fetchIt(), 'download')).message).toContain(
    'does not send the commit (X-Repo-Commit)',
  );
  at.server.stored(commitA, 'config.json').etag = '"1"';
  at.server.stored(commitA, 'config.json').headers = { 'x-repo-commit': commitA };
  expect((await labError(() => at.fetchIt(), 'download')).message).toContain('does not send its checksum');
});

test('offline, the cache is all there is', async () => {
  await using at = await setUp();
  const offline = { ...at.settings, offline: true };
  const error = await labError(() => at.fetchIt('hf:org/tiny', { settings: offline }), 'download');
  expect(error.message).toBe('hf:org/tiny was not downloaded: HF_HUB_OFFLINE is set.');
  expect(at.server.hub.requests).toEqual([]);
  await at.fetchIt();
  await at.server[Symbol.asyncDispose]();
  expect(resolveEncoder('hf:org/tiny', offline).source).toBe(`hf:org/tiny@${commitA}`);
});

test.each(['hf:', 'hf:a/b/c', 'hf:../x', 'hf:a/..', 'hf:a@', 'hf:a@../b', 'hf:a@b@c', 'hf:a b', 'hf:/a', 'hf:a--'])(
  '"%s" is no reference',
  async (reference) => {
    await labError(() => downloadEncoder(reference), 'configuration');
    await labError(() => resolveEncoder(reference), 'configuration');
  },
);
