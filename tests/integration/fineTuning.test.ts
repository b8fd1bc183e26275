import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { withDecidedEncoder } from '../../src/lab/encoders/pretrained.ts';
import { readSafetensors } from '../../src/lab/encoders/safetensors.ts';
import type { TrainingJob } from '../../src/lab/training/job.ts';
import { trainRun, type EventWithoutRun } from '../../src/lab/training/trainRun.ts';
import { rehearse } from '../../src/lab/training/rehearsal.ts';
import { resolveConfiguration, type RawConfiguration } from '../../src/shared/configuration.ts';
import { losslab, losslabJson } from '../helpers/commandLine.ts';
import { sharedFolder } from '../helpers/sharedFolder.ts';
import { writeRankedJson } from '../helpers/tinyData.ts';
import { sentenceFiles, tinyMiniLm, writeModel } from '../helpers/tinyModels.ts';

/** Whole runs with what fine-tuning asks for, on a tiny MiniLM: three layers, no projection. */

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const home = sharedFolder();
const model = join(home, 'model');
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
const tuned = {
  freeze_embeddings: true,
  freeze_layers: 1,
  layer_decay: 0.8,
  warmup_ratio: 0.1,
  decay_bias_and_norm: false,
  gradient_cache_batch: 5,
};

let dataset: string;
beforeAll(async () => {
  writeModel(
    model,
    tinyMiniLm(),
    { dtype: 'F32' },
    {
      ...sentenceFiles(24, 'pooling_mode_mean_tokens', [{ type: 'Normalize', path: '2_Normalize' }]),
      'vocab.txt': words.join('\n'),
    },
  );
  ({ folder: dataset } = await losslabJson<{ folder: string }>(
    home,
    'import',
    '--json',
    writeRankedJson(home),
    '--name',
    'tiny',
  ));
});

function jobOf(name: string, raw: RawConfiguration): TrainingJob {
  const configuration = withDecidedEncoder(
    resolveConfiguration({ encoder: model, epochs: 2, batch_size: 8, learning_rate: 0.001, dropout: 0.1, ...raw }),
  );
  return {
    run: name,
    configuration,
    dataset,
    folder: join(home, 'own', name),
    cache: join(home, 'cache'),
    device: 'cpu',
    deviceReason: 'the test asks for it',
  };
}

/** Trains in this process, up to a stop after so many steps. */
async function train(job: TrainingJob, stopAfter = Infinity): Promise<EventWithoutRun[]> {
  const events: EventWithoutRun[] = [];
  const stop = new AbortController();
  const emit = (event: EventWithoutRun): void => {
    events.push(event);
    if (event.type === 'step' && event.step >= stopAfter) stop.abort();
  };
  await trainRun(job, {
    emit,
    flush: () => Promise.resolve(),
    unpaused: () => Promise.resolve(),
    stopping: stop.signal,
    untrained: null,
  });
  return events;
}

function ofType<T extends EventWithoutRun['type']>(
  events: readonly EventWithoutRun[],
  type: T,
): Extract<EventWithoutRun, { type: T }>[] {
  return events.filter((event): event is Extract<EventWithoutRun, { type: T }> => event.type === type);
}

const weightsIn = (folder: string) => readSafetensors(readFileSync(join(folder, 'model.safetensors')), folder);

describe('a run with frozen layers, a rate for each layer, warm-up and gradient caching', () => {
  test('leaves what is frozen as it was, and trains the rest', async () => {
    const events = await train(jobOf('tuned', tuned));
    const [before, after] = [weightsIn(model), weightsIn(join(home, 'own', 'tuned', 'encoder'))];
    for (const [name, { data }] of before) {
      const frozen = name.startsWith('embeddings.') || name.startsWith('encoder.layer.0.');
      if (frozen) expect(after.get(name)!.data, name).toEqual(data);
      else expect(after.get(name)!.data, name).not.toEqual(data);
    }
    const rates = ofType(events, 'step').map(({ learning_rate }) => learning_rate);
    expect(rates[0]).toBe(0);
    expect(rates.at(-1)).toBe(0.001);
  });

  test('stopped and resumed, ends with the same bits; its checkpoint holds no moments of what is frozen', async () => {
    const stopped = jobOf('stopped', tuned);
    await train(stopped, 3);
    const checkpoint = readSafetensors(readFileSync(join(stopped.folder, 'checkpoint-3.safetensors')), 'checkpoint');
    const kinds = (parameter: string): string[] =>
      ['parameter', 'first', 'second'].filter((kind) => checkpoint.has(`${kind}:${parameter}`));
    expect(kinds('encoder.layer.0.output.dense.weight')).toEqual(['parameter']);
    expect(kinds('encoder.layer.1.output.dense.weight')).toEqual(['parameter', 'first', 'second']);
    const resumed = await train(stopped);
    expect(ofType(resumed, 'started')[0]!.resumed_at).toBe(3);
    expect(weightsIn(join(stopped.folder, 'encoder'))).toEqual(weightsIn(join(home, 'own', 'tuned', 'encoder')));
  });

  test('gives the losses that the whole batch gives', async () => {
    const losses = async (name: string, raw: RawConfiguration): Promise<number[]> =>
      ofType(await train(jobOf(name, raw)), 'step').map(({ loss }) => loss);
    const [cached, whole] = [
      await losses('cached', tuned),
      await losses('whole', { ...tuned, gradient_cache_batch: null }),
    ];
    expect(cached).toHaveLength(whole.length);
    cached.forEach((loss, i) => expect(loss / whole[i]!).toBeCloseTo(1, 4));
  });

  test('is rehearsed as it is trained', async () => {
    const job = jobOf('rehearsed', tuned);
    const { recipes, memory } = await rehearse({ job, recipes: [job.configuration] }, () => undefined);
    expect(recipes).toEqual([{ secondsPerStep: expect.any(Number) as number, measured: true }]);
    expect(recipes[0]!.secondsPerStep).toBeGreaterThan(0);
    expect(memory.bytes).toBeGreaterThan(1e6);
  });
});

describe('what cannot be trained is said before anything is stored', () => {
  test.each<[string, string[], string[]]>([
    [
      'more frozen layers than there are',
      ['freeze_layers=4'],
      ['freeze_layers is 4, but the encoder has 3 layers.', 'Set freeze_layers to 3 or less.'],
    ],
    [
      'nothing left',
      ['freeze_layers=3', 'freeze_embeddings=true'],
      [
        'freeze the whole encoder, which has no projection: no parameter is left to train.',
        'Lower freeze_layers, or set projection_dim.',
      ],
    ],
    [
      'two lengths of the warm-up',
      ['warmup_steps=3', 'warmup_ratio=0.1'],
      ['warmup_steps 3 and warmup_ratio 0.1 both set the length of the warm-up.', 'Set only one of them.'],
    ],
  ])('%s', async (_, settings, message) => {
    const { code, stderr } = await losslab(
      home,
      'train',
      '--config',
      'infonce_standard',
      '--data',
      'tiny',
      '--encoder',
      model,
      ...settings.flatMap((setting) => ['--set', setting]),
    );
    expect(code).toBe(1);
    for (const part of message) expect(stderr).toContain(part);
    expect(await losslabJson<unknown[]>(home, 'runs')).toEqual([]);
  });
});
