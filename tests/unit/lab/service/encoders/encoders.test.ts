import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { CachedRepository } from '../../../../../src/lab/net/hub/hubCache.ts';
import { downloadEncoder } from '../../../../../src/lab/encoders/hub/downloadEncoder.ts';
import { withDecidedEncoder } from '../../../../../src/lab/encoders/pretrained.ts';
import { encoderMethods } from '../../../../../src/lab/service/encoders/encoders.ts';
import type { ExperimentQueue } from '../../../../../src/lab/experiments/queue.ts';
import { resolveConfiguration } from '../../../../../src/shared/configuration.ts';
import { labError } from '../../../../helpers/dataFiles.ts';
import { commitA, commitB, filesOf, hubServer } from '../../../../helpers/hubServer.ts';
import { silentConnection, temporaryContext } from '../../../../helpers/serviceContext.ts';
import { createExperiment, createRun, startedEvent, temporaryFolder } from '../../../../helpers/syntheticStore.ts';
import { modelFolder, sentenceFiles, tinyDistilbert, tinyMiniLm, writeModel } from '../../../../helpers/tinyModels.ts';

const readme = '---\ntags:\n- sentence-similarity\nlicense: apache-2.0\n---\n';
const reference = `hf:org/tiny@${commitA}`;

function miniLm(more: Readonly<Record<string, string>> = {}): Record<string, Buffer> {
  return filesOf(
    modelFolder(
      tinyMiniLm(),
      {},
      { ...sentenceFiles(24, 'pooling_mode_mean_tokens'), 'vocab.txt': '[PAD]', 'README.md': readme, ...more },
    ),
  );
}

/** The service's methods over a cache with one downloaded repository. */
async function setUp(status: ExperimentQueue['status'] = () => null) {
  const server = await hubServer();
  const cache = temporaryFolder();
  vi.stubEnv('HF_HUB_CACHE', cache);
  vi.stubEnv('HF_ENDPOINT', server.endpoint);
  onTestFinished(() => void vi.unstubAllEnvs());
  server.add('org/tiny', commitA, miniLm());
  await downloadEncoder('hf:org/tiny');
  const context = temporaryContext();
  const methods = encoderMethods(context, { status });
  return {
    server,
    cache,
    context,
    cached: new CachedRepository(cache, 'org/tiny'),
    list: async () => methods['encoders.list']({}, silentConnection),
    inspect: async (encoder: string) => methods['encoders.inspect']({ encoder }, silentConnection),
    verify: async (encoder: string) => (await methods['encoders.verify']({ encoder }, silentConnection)).problems,
    remove: async (encoder: string) => methods['encoders.delete']({ encoder }, silentConnection),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

/** Writes a file of a snapshot without its content's knowing. */
function damage(at: { readonly cached: CachedRepository }, file: string, change: (content: Buffer) => Buffer): void {
  const path = join(at.cached.snapshot(commitA), file);
  writeFileSync(path, change(readFileSync(path)));
}

test('what was downloaded is listed, with what its files say; other models in the cache are not', async () => {
  await using at = await setUp();
  const other = join(at.cache, 'models--org--whisper', 'snapshots', commitB);
  mkdirSync(other, { recursive: true });
  writeFileSync(join(other, 'config.json'), '{"model_type":"whisper"}');
  const listed = await at.list();
  expect(listed).toEqual([
    {
      encoder: reference,
      origin: 'hub',
      title: 'org/tiny',
      revision: commitA,
      architecture: 'bert',
      parameters: expect.any(Number) as number,
      bytes: expect.any(Number) as number,
      licence: 'apache-2.0',
      problem: null,
    },
  ]);
  expect(listed[0]!.bytes).toBe(Object.values(miniLm()).reduce((sum, { length }) => sum + length, 0));
  expect(await at.inspect(reference)).toMatchObject({
    encoder: reference,
    architecture: 'bert',
    size: 24,
    layers: 3,
    pooling: 'mean',
    parameters: listed[0]!.parameters,
    folder: at.cached.snapshot(commitA),
  });
  expect(await at.inspect('hf:org/tiny')).toMatchObject({ encoder: 'hf:org/tiny' });
});

test('one that is not whole, and one that cannot be read, are listed with their problem', async () => {
  await using at = await setUp();
  rmSync(join(at.cached.snapshot(commitA), 'model.safetensors'));
  expect(await at.list()).toMatchObject([
    { parameters: null, problem: 'Incomplete: model.safetensors is not in the cache.' },
  ]);
  writeFileSync(join(at.cached.snapshot(commitA), 'model.safetensors'), 'no tensors');
  expect(await at.list()).toMatchObject([
    { parameters: null, problem: expect.stringContaining('model.safetensors') as string },
  ]);
  await labError(() => at.inspect(reference), 'encoder');
  await labError(() => at.inspect('hf:org/none'), 'encoder');
});

test("finished runs' encoders are listed, and belong to their runs", async () => {
  await using at = await setUp();
  const { store, home } = at.context;
  const { id, name } = createRun(store);
  store.claim(id);
  store.record(id, startedEvent(id));
  const encoder = join(home.runs, id, 'encoder');
  mkdirSync(encoder, { recursive: true });
  writeModel(encoder, tinyDistilbert());
  store.record(id, { run: id, type: 'finished', step: 1, training_seconds: 1, encoder, peak_memory_bytes: 1 });
  const bytes = Object.values(filesOf(encoder)).reduce((sum, { length }) => sum + length, 0);
  expect(await at.list()).toContainEqual(
    expect.objectContaining({
      encoder,
      origin: 'run',
      title: `${name} (${id})`,
      revision: null,
      architecture: 'distilbert',
      bytes,
      problem: null,
    }),
  );
  expect(await at.verify(encoder)).toEqual([]);
  expect((await labError(() => at.remove(encoder), 'usage')).message).toBe(
    `This encoder belongs to the run "${name}".`,
  );
  await labError(() => at.remove(modelFolder(tinyDistilbert())), 'usage');
  expect(existsSync(encoder)).toBe(true);
});

test('verify finds a byte that was changed, in large files and small ones, a value that is no number, and what is missing', async () => {
  await using at = await setUp();
  expect(await at.verify(reference)).toEqual([]);
  const flip = (content: Buffer): Buffer =>
    Buffer.from(content.map((byte, index) => (index === content.length - 2 ? byte ^ 1 : byte)));
  damage(at, 'model.safetensors', flip);
  damage(at, 'README.md', flip);
  expect(await at.verify(reference)).toEqual([
    expect.stringMatching(
      /^README.md was changed after it was downloaded: expected Git hash [0-9a-f]{40}, found [0-9a-f]{40}\.$/,
    ),
    expect.stringMatching(
      /^model.safetensors was changed after it was downloaded: expected SHA-256 [0-9a-f]{64}, found [0-9a-f]{64}\.$/,
    ),
  ]);
  rmSync(join(at.cached.snapshot(commitA), 'modules.json'));
  expect(await at.verify(reference)).toContain('modules.json is missing, or not known to be absent.');
  const folder = modelFolder(tinyDistilbert());
  const weights = readFileSync(join(folder, 'model.safetensors'));
  weights.writeFloatLE(NaN, weights.length - 4);
  writeFileSync(join(folder, 'model.safetensors'), weights);
  expect(await at.verify(folder)).toEqual([expect.stringContaining('NaN')]);
  await labError(() => at.verify('hf:org/none'), 'encoder');
});

test('delete takes a snapshot with the contents that no other has', async () => {
  await using at = await setUp();
  at.server.add('org/tiny', commitB, miniLm({ 'vocab.txt': '[PAD]\na' }));
  await downloadEncoder('hf:org/tiny');
  const blobs = join(at.cached.folder, 'blobs');
  const vocabularyA = readlinkSync(join(at.cached.snapshot(commitA), 'vocab.txt'));
  const before = readdirSync(blobs).length;
  await at.remove(reference);
  expect(existsSync(join(at.cached.snapshot(commitB), vocabularyA))).toBe(false);
  expect(readdirSync(blobs)).toHaveLength(before - 1);
  expect(await at.list()).toMatchObject([{ revision: commitB, problem: null }]);
  expect(await at.verify(`hf:org/tiny@${commitB}`)).toEqual([]);
  expect(at.context.notifications).toContainEqual({ type: 'encoders' });
  await at.remove('hf:org/tiny');
  expect(readdirSync(at.cache)).toEqual([]);
  await labError(() => at.remove(reference), 'encoder');
});

test('an encoder stays while an experiment trains on it or waits to, and while something is downloaded into its repository', async () => {
  let status: 'waiting' | null = 'waiting';
  await using at = await setUp(() => status);
  const { configuration } = createExperiment(at.context.store);
  const { encoder } = withDecidedEncoder(resolveConfiguration({ encoder: 'hf:org/tiny' }));
  at.context.store.createExperiment({
    name: 'Fine-tuning',
    dataset: { name: 'sample', hash: 'd' },
    configuration: { ...configuration, encoder },
  });
  expect((await labError(() => at.remove('hf:org/tiny'), 'usage')).message).toBe(
    `${reference} cannot be deleted now: the experiment "Fine-tuning" is using it.`,
  );
  status = null;
  const lock = join(at.cached.folder, 'blobs', `${'0'.repeat(64)}.part.lock`);
  mkdirSync(dirname(lock), { recursive: true });
  writeFileSync(lock, JSON.stringify({ pid: process.pid, startToken: '' }));
  await labError(() => at.remove(reference), 'usage');
  rmSync(lock);
  await at.remove(reference);
  expect(await at.list()).toEqual([]);
});
