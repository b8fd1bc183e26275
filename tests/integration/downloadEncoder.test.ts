import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { formatBytes } from '../../src/shared/format.ts';
import { hasSignals, losslab, losslabJson, onlyRun, signalGroup, startLosslab } from '../helpers/commandLine.ts';
import { commitA, filesOf, hubServer, sha256Of } from '../helpers/hubServer.ts';
import { partArrived } from '../helpers/partFile.ts';
import { temporaryFolder } from '../helpers/syntheticStore.ts';
import { writeCsvPair } from '../helpers/tinyData.ts';
import { modelFolder, sentenceFiles, tinyDistilbert, tinyMiniLm } from '../helpers/tinyModels.ts';

const vocabulary = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', ...'abcdefghijklmnopqrstuvwxy'].join('\n');

async function setUp() {
  const server = await hubServer();
  const files = filesOf(
    modelFolder(tinyMiniLm(), {}, { ...sentenceFiles(24, 'pooling_mode_mean_tokens'), 'vocab.txt': vocabulary }),
  );
  server.add('org/tiny', commitA, files);
  const folder = temporaryFolder();
  vi.stubEnv('HF_ENDPOINT', server.endpoint);
  vi.stubEnv('HF_HOME', join(folder, 'huggingface'));
  vi.stubEnv('HF_TOKEN', 'hf_SECRET');
  onTestFinished(() => void vi.unstubAllEnvs());
  const snapshot = join(folder, 'huggingface', 'hub', 'models--org--tiny', 'snapshots', commitA);
  return {
    server,
    files,
    home: join(folder, 'home'),
    blobs: join(snapshot, '..', '..', 'blobs'),
    snapshot,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

test('an encoder is downloaded, and the command says where it is and how to go on', async () => {
  await using at = await setUp();
  const { code, stdout } = await losslab(at.home, 'download', 'hf:org/tiny');
  expect(code).toBe(0);
  const size = at.files['model.safetensors']!.length;
  expect(stdout).toContain('Asking for org/tiny…\n');
  expect(stdout).toMatch(new RegExp(`Downloading model.safetensors: ${formatBytes(size)} of ${formatBytes(size)}`));
  expect(stdout).toMatch(
    new RegExp(
      `Encoder hf:org/tiny@${commitA}\n  bert, 3 layers of 24, [\\d,]+ parameters, [\\d.]+ kB, checked\n  in ${at.snapshot}\n$`,
    ),
  );
  expect(await losslabJson(at.home, 'download', 'hf:org/tiny')).toMatchObject({
    encoder: `hf:org/tiny@${commitA}`,
    folder: at.snapshot,
  });
});

test.skipIf(!hasSignals).each(['SIGINT', 'SIGKILL'] as const)(
  'after %s another process goes on where it stopped',
  async (signal) => {
    await using at = await setUp();
    at.server.stored(commitA, 'model.safetensors').stalls = [5000];
    const command = startLosslab(at.home, ['download', 'hf:org/tiny']);
    await partArrived(at.blobs, 5000);
    signalGroup(command.process, signal);
    const ended = await command.ended;
    if (signal === 'SIGINT') {
      expect(ended.code).toBe(1);
      expect(ended.stderr).toBe(
        'losslab: Stopped. The part downloaded so far is kept.\nResume with: losslab download hf:org/tiny\n',
      );
    }
    expect((await losslab(at.home, 'download', 'hf:org/tiny')).code).toBe(0);
    expect(at.server.storage.requests.map(({ headers }) => headers.range)).toEqual([undefined, 'bytes=5000-']);
    expect(sha256Of(readFileSync(join(at.snapshot, 'model.safetensors')))).toBe(
      sha256Of(at.files['model.safetensors']!),
    );
  },
);

test('train fetches an encoder that is not there, and records its commit', async () => {
  await using at = await setUp();
  const pair = writeCsvPair(temporaryFolder());
  await losslabJson(at.home, 'import', '--questions', pair.questions, '--answers', pair.answers, '--name', 'tiny');
  const train = [
    'train',
    '--data',
    'tiny',
    '--config',
    'infonce_standard',
    '--device',
    'cpu',
    '--set',
    'batch_size=8',
    '--set',
    'epochs=1',
    '--encoder',
  ];
  vi.stubEnv('HF_HUB_OFFLINE', '1');
  const offline = await losslab(at.home, ...train, 'hf:org/tiny');
  expect(offline.code).toBe(1);
  expect(offline.stderr).toContain('Download it with: losslab download hf:org/tiny');
  vi.stubEnv('HF_HUB_OFFLINE', '');
  const { code, stdout, stderr } = await losslab(at.home, ...train, 'hf:org/tiny');
  expect(stderr).toBe('');
  expect(code).toBe(0);
  expect(stdout).toContain('Downloading model.safetensors');
  expect(onlyRun(at.home).configuration.encoder).toMatchObject({
    kind: 'pretrained',
    source: `hf:org/tiny@${commitA}`,
    folder: at.snapshot,
    n_layers: 3,
    pooling: 'mean',
    projection_dim: null,
    max_length: 12,
  });
  expect(JSON.stringify(filesOf(at.home))).not.toContain('hf_SECRET');
});

test('a configuration of the original script trains distilbert-base-uncased', async () => {
  await using at = await setUp();
  const tiny = tinyDistilbert();
  at.server.add('distilbert-base-uncased', commitA, filesOf(modelFolder(tiny, {}, { 'vocab.txt': vocabulary })));
  const folder = temporaryFolder();
  const [configuration, data] = ['test.json', 'ranked_qa.json'].map((name) => join(folder, name)) as [string, string];
  const questions = Array.from({ length: 40 }, (_, i) => ({
    question: { id: i, title: `what is ${i}`, body: '<p>x</p>' },
    answers: [{ id: `a${i}`, body: `it is ${i}`, score: '3' }],
  }));
  writeFileSync(data, JSON.stringify(questions));
  const original = { log_to_wandb: false, dataset_strategy: 'standard', projection_dim: 128, eval_steps: 0 };
  const small = { data_path: data, seed: 42, batch_size: 16, epochs: 1, learning_rate: 2e-5, device: 'cpu' };
  writeFileSync(configuration, JSON.stringify({ ...original, ...small }));

  vi.stubEnv('HF_HUB_OFFLINE', '1');
  const offline = await losslab(at.home, 'train', '--config', configuration);
  expect(offline.stderr).toMatch(/hf:distilbert-base-uncased is not in the cache .*Or choose another encoder/s);
  vi.stubEnv('HF_HUB_OFFLINE', '');
  const { code, stdout, stderr } = await losslab(at.home, 'train', '--config', configuration);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toContain(`${configuration} is a configuration of the original script`);
  expect(onlyRun(at.home).configuration).toMatchObject({
    split_method: 'python',
    encoder: { source: `hf:distilbert-base-uncased@${commitA}`, pooling: 'cls', projection_dim: 128 },
  });
  const elsewhere = await losslab(at.home, 'train', '--config', configuration, '--encoder', 'static');
  expect([elsewhere.code, elsewhere.stdout]).toEqual([0, expect.not.stringContaining('original script')]);
});

test('what is neither a repository nor there', async () => {
  await using at = await setUp();
  const unknown = await losslab(at.home, 'download', 'hf:org/none');
  expect(unknown.code).toBe(1);
  expect(unknown.stderr).toContain('hf:org/none: the repository does not exist at');
  expect(unknown.stderr).not.toContain('SECRET');
  expect((await losslab(at.home, 'download', 'hf:org/tiny', '--limit', '3')).stderr).toContain(
    '--limit is an option for datasets',
  );
  expect((await losslab(at.home, 'download', 'ftp:x')).stderr).toContain('"ftp:x" is not a source of downloads');
});
