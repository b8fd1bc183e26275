import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { describeEncoder } from '../../src/lab/encoders/pretrained.ts';
import { openHome } from '../../src/lab/files/home.ts';
import { openStore } from '../../src/lab/store/runStore.ts';
import type { Run } from '../../src/shared/history.ts';
import { losslab, losslabJson } from '../helpers/commandLine.ts';
import { sharedFolder } from '../helpers/sharedFolder.ts';
import { modelFolder, sentenceFiles, tinyMiniLm, writeModel } from '../helpers/tinyModels.ts';
import { writeRankedJson } from '../helpers/tinyData.ts';

/** Training that begins with weights from files, from the command line to the folder that a run leaves behind. */

// Whole processes, several per test: a busy machine takes its time.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const home = sharedFolder();
const model = join(home, 'model');
const size = 24;
const words = [
  '[PAD]',
  '[UNK]',
  '[CLS]',
  '[SEP]',
  '[MASK]',
  'gradient',
  'kernel',
  'prior',
  'forest',
  'cluster',
  'token',
  'variance',
  'sample',
  'margin',
  'tensor',
  'vanish',
  'converge',
  'explode',
  'overfit',
  'split',
  'shrink',
  'drift',
  'mix',
  'why',
  'does',
  'the',
  'my',
  'will',
  '?',
  '.',
];
const quick = ['epochs=1', 'batch_size=8', 'device=cpu', 'learning_rate=0.001'].flatMap((setting) => [
  '--set',
  setting,
]);
const train = (encoder: string, ...more: string[]): string[] => [
  'train',
  '--config',
  'infonce_standard',
  '--data',
  'tiny',
  '--encoder',
  encoder,
  ...quick,
  ...more,
];

function runs(): Run[] {
  using store = openStore(openHome(home));
  return store.listRuns();
}

beforeAll(async () => {
  writeModel(
    model,
    tinyMiniLm(),
    { oldNames: true, dtype: 'F16', shards: 2, more: true },
    {
      ...sentenceFiles(size, 'pooling_mode_mean_tokens', [{ type: 'Normalize', path: '2_Normalize' }]),
      'vocab.txt': words.join('\n'),
    },
  );
  await losslabJson(home, 'import', '--json', writeRankedJson(home), '--name', 'tiny');
});

describe('a MiniLM in parts of float16, with vocab.txt, as sentence-transformers has it', () => {
  test('is trained, and what it leaves behind is a model of the same kind, which is trained further', async () => {
    const first = await losslab(home, ...train(model));
    expect(first.code, first.stderr).toBe(0);
    const [run] = runs();
    expect(run!.state).toBe('finished');
    // What the files decide is stored with the run: 12 is what the model was trained with.
    expect(run!.configuration.encoder).toMatchObject({
      kind: 'pretrained',
      source: model,
      folder: model,
      embed_dim: size,
      n_layers: 3,
      n_heads: 12,
      pooling: 'mean',
      projection_dim: null,
      max_length: 12,
    });
    const trained = describeEncoder(run!.encoder!);
    expect(trained).toMatchObject({
      architecture: 'bert',
      size,
      layers: 3,
      heads: 12,
      innerSize: 48,
      pooling: 'mean',
      dimension: size,
      vocabularySize: 30,
      parameters: describeEncoder(model).parameters,
    });
    expect(JSON.parse(readFileSync(join(run!.encoder!, 'config.json'), 'utf8'))).toMatchObject({
      model_type: 'bert',
      hidden_act: 'gelu',
      type_vocab_size: 2,
      layer_norm_eps: 1e-12,
    });

    const second = await losslab(home, ...train(run!.encoder!));
    expect(second.code, second.stderr).toBe(0);
    const further = runs().find(({ id }) => id !== run!.id)!;
    expect(further.configuration.encoder).toMatchObject({ pooling: 'mean', projection_dim: null, embed_dim: size });
    expect(further.start!.hashes.weights).not.toBe(run!.start!.hashes.weights);
    expect(further.start!.hashes.tokenizer).toBe(run!.start!.hashes.tokenizer);
  });
});

describe('what is wrong is said before anything is stored', () => {
  test.each<[string, () => string[], string[]]>([
    ['a folder that is not there', () => train('./nowhere'), ["The encoder's folder", 'does not exist']],
    [
      'texts longer than the model takes',
      () => train(model, '--set', 'max_length=17'),
      ['max_length 17 is more than the 16 positions', 'Set max_length to 16 or less'],
    ],
    [
      'a size that is another',
      () => train(model, '--set', 'n_layers=6'),
      ['n_layers is 6, but the encoder in', 'has 3', 'Remove n_layers'],
    ],
    ['a name that means nothing', () => train('bert'), ['encoder "bert" is not an encoder', 'hf:bert']],
    [
      'an architecture that is not supported',
      () => {
        const folder = modelFolder(tinyMiniLm());
        writeFileSync(join(folder, 'config.json'), JSON.stringify({ model_type: 'roberta' }));
        return train(folder);
      },
      ['the architecture "roberta" is not supported; expected one of "bert", "distilbert"'],
    ],
    [
      'weights that are cut off',
      () => {
        const folder = modelFolder(tinyMiniLm());
        const file = join(folder, 'model.safetensors');
        writeFileSync(file, readFileSync(file).subarray(0, -100));
        return train(folder);
      },
      ['model.safetensors', 'ends at byte'],
    ],
  ])('%s', async (_, command, message) => {
    const before = runs().length;
    const { code, stderr } = await losslab(home, ...command());
    expect(code).toBe(1);
    for (const part of message) expect(stderr).toContain(part);
    expect(stderr).not.toContain('    at ');
    expect(runs()).toHaveLength(before);
  });

  test('numbers that are none are found when the weights are read: the run fails and says where', async () => {
    const { config, tensors } = tinyMiniLm();
    const name = 'encoder.layer.2.output.dense.bias';
    const folder = modelFolder(
      {
        config,
        tensors: new Map(tensors).set(name, {
          shape: [size],
          values: tensors.get(name)!.values.map((value, i) => (i === 7 ? NaN : value)),
        }),
      },
      {},
      { 'vocab.txt': words.join('\n') },
    );
    const { code, stderr } = await losslab(home, ...train(folder));
    expect(code).toBe(1);
    expect(stderr).toContain(`tensor "${name}" contains NaN at element 7; expected finite numbers`);
    expect(
      runs()
        .filter(({ configuration }) => configuration.encoder.folder === folder)
        .map(({ state, encoder }) => ({ state, encoder })),
    ).toEqual([{ state: 'failed', encoder: null }]);
  });
});
