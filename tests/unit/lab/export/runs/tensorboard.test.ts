import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { exportTensorboard } from '../../../../../src/lab/export/runs/tensorboard/exportTensorboard.ts';
import {
  createExperiment,
  createRun,
  evaluationEvent,
  startedEvent,
  stepEvent,
  temporaryFolder,
  temporaryStore,
  trainedRun,
} from '../../../../helpers/syntheticStore.ts';
import { readEventFile, scalarsOf } from '../../../../helpers/eventFileReader.ts';

const raw = { name: 'InfoNCE', batch_transform: 'infonce', loss_type: 'infonce', temperature: 0.07 } as const;

describe('event files', () => {
  test('hold every figure of every step and evaluation, at its step and time', async () => {
    const store = temporaryStore();
    const run = trainedRun(store, createExperiment(store), { raw, levels: [0.1, 0.3, 0.5] });
    const { folder, files, names } = await exportTensorboard(store, [run], join(temporaryFolder(), 'events'));
    expect(files).toEqual([
      expect.stringMatching(/^InfoNCE_seed_42[\\/]events\.out\.tfevents\.\d{10}\.losslab$/),
      expect.stringMatching(/^untrained[\\/]events\.out\.tfevents\.\d{10}\.losslab$/),
    ]);
    expect(names).toEqual({ [run.id]: 'InfoNCE_seed_42' });
    const events = readEventFile(readFileSync(join(folder, files[0]!)));
    expect(events[0]).toMatchObject({ fileVersion: 'brain.Event:2' });
    const scalars = scalarsOf(events);
    const loss = scalars.get('train/loss')!;
    expect(loss.map(({ step, value }) => [step, value])).toEqual(
      store.stepMetrics(run.id, 'loss').map(({ step, value }) => [step, Math.fround(value)]),
    );
    expect(scalars.get('eval/mrr@10')!.map(({ step, value }) => [step, value])).toEqual([
      [0, Math.fround(0.1)],
      [20, Math.fround(0.3)],
      [40, 0.5],
    ]);
    expect(loss[39]!.wallTime - loss[0]!.wallTime).toBeCloseTo(0.05 * 39, 2);
    expect(loss[0]!.wallTime).toBeCloseTo(Date.parse(run.started!) / 1000 + 0.05, 2);
    expect([...scalars.keys()].filter((tag) => tag.startsWith('train/')).sort()).toEqual(
      store
        .stepMetricNames(run.id)
        .map((name) => `train/${name}`)
        .sort(),
    );
    expect([...scalars.keys()].filter((tag) => tag.startsWith('eval/')).sort()).toEqual(
      Object.keys(store.evaluations(run.id)[0]!.metrics)
        .map((name) => `eval/${name}`)
        .sort(),
    );
  });

  test('keep NaN and infinities', async () => {
    const store = temporaryStore();
    const { id } = createRun(store, raw);
    store.claim(id);
    store.record(
      id,
      startedEvent(id),
      evaluationEvent(id, 0, NaN),
      stepEvent(id, 1),
      stepEvent(id, 2, { loss: NaN, gradient_norm: Infinity }),
    );
    const { folder, files } = await exportTensorboard(store, [store.getRun(id)], join(temporaryFolder(), 'events'));
    const scalars = scalarsOf(readEventFile(readFileSync(join(folder, files[0]!))));
    expect(scalars.get('train/loss')!.map(({ value }) => value)).toEqual([2, NaN]);
    expect(scalars.get('train/gradient_norm')!.map(({ value }) => value)).toEqual([1, Infinity]);
    expect(scalars.get('eval/mrr@10')!.map(({ value }) => value)).toEqual([NaN]);
  });

  test('tell the settings, as text and to the hparams plugin', async () => {
    const store = temporaryStore();
    const run = trainedRun(store, createExperiment(store), { raw, levels: [0.1, 0.3], end: 'failed' });
    const { folder, files } = await exportTensorboard(store, [run], join(temporaryFolder(), 'events'));
    const values = readEventFile(readFileSync(join(folder, files[0]!))).flatMap((event) => event.values);
    const configuration = values.find(({ tag }) => tag === 'configuration')!;
    expect(configuration).toMatchObject({
      plugin: 'text',
      text: expect.stringContaining('"temperature": 0.07') as string,
    });
    const start = values.find(({ tag }) => tag === '_hparams_/session_start_info')!;
    expect(start).toMatchObject({
      plugin: 'hparams',
      // Those left at their default, too: the HPARAMS page compares runs by them.
      settings: {
        temperature: 0.07,
        loss_type: 'infonce',
        name: 'InfoNCE',
        learning_rate: 0.001,
        epochs: 5,
        seed: 42,
      },
    });
    expect(values.find(({ tag }) => tag === '_hparams_/session_end_info')).toMatchObject({ status: 2 });
  });

  test('have what evaluations diagnosed, margins as histograms', async () => {
    const store = temporaryStore();
    const { id } = createRun(store, raw);
    store.claim(id);
    const counts = Array.from({ length: 80 }, (_, bin) => (bin === 38 ? 3 : bin === 41 ? 5 : 0));
    const figures = {
      alignment: 0.5,
      uniformity: -2,
      mean_cosine: 0,
      effective_rank: null,
      in_batch_margin: 0.01,
      hard_margin: null,
    };
    store.record(
      id,
      startedEvent(id),
      evaluationEvent(id, 0, 0.1, { diagnostics: { pairs: 8, figures, margins: { in_batch: counts, hard: [] } } }),
    );
    const { folder, files } = await exportTensorboard(store, [store.getRun(id)], join(temporaryFolder(), 'events'));
    const events = readEventFile(readFileSync(join(folder, files[0]!)));
    const diagnosed = [...scalarsOf(events)]
      .filter(([tag]) => tag.startsWith('diagnostics/'))
      .map(([tag, [point]]) => [tag, point!.value]);
    expect(diagnosed).toEqual([
      ['diagnostics/alignment', 0.5],
      ['diagnostics/uniformity', -2],
      ['diagnostics/mean_cosine', 0],
      ['diagnostics/in_batch_margin', Math.fround(0.01)],
    ]);
    const histograms = events.flatMap(({ values }) => values.filter(({ tag }) => tag.startsWith('margins/')));
    expect(histograms.map(({ tag }) => tag)).toEqual(['margins/in_batch']);
    const { minimum, maximum, number, limits, counts: written } = histograms[0]!.histogram!;
    expect([minimum, maximum, ...limits].map((value) => Number(value.toFixed(9)))).toEqual([
      -0.1, 0.1, -0.05, 0, 0.05, 0.1,
    ]);
    expect([number, ...written]).toEqual([8, 3, 0, 0, 5]);
  });

  test('of several runs lie in sub-folders of their own', async () => {
    const store = temporaryStore();
    const experiment = createExperiment(store);
    const runs = [
      trainedRun(store, experiment, { raw, levels: [0.1, 0.3] }),
      trainedRun(store, experiment, { raw: { ...raw, seed: 2 }, levels: [0.2, 0.4] }),
    ];
    const { folder, files } = await exportTensorboard(store, runs, join(temporaryFolder(), 'events'));
    const values = files.map((file) =>
      scalarsOf(readEventFile(readFileSync(join(folder, file))))
        .get('eval/mrr@10')!
        .map(({ value }) => value),
    );
    // The last is the untrained encoder that both began with, drawn as a line.
    expect(values).toEqual(
      [
        [0.1, 0.3],
        [0.2, 0.4],
        [0.1, 0.1],
      ].map((levels) => levels.map(Math.fround)),
    );
  });

  test('of runs of one name have different names; BM25 that cannot be computed is reported', async () => {
    const store = temporaryStore();
    const experiment = createExperiment(store);
    const runs = [0.1, 0.2].map((level) => trainedRun(store, experiment, { raw, levels: [level, 0.3] }));
    const { names, missing } = await exportTensorboard(store, runs, join(temporaryFolder(), 'events'));
    expect(Object.values(names)).toEqual(['InfoNCE_seed_42', 'InfoNCE_seed_42-2']);
    expect(missing).toEqual([expect.stringMatching(/^BM25 is missing: /)]);
  });

  test('a run that has recorded nothing is refused, with nothing left behind', async () => {
    const store = temporaryStore();
    const folder = join(temporaryFolder(), 'events');
    await expect(exportTensorboard(store, [createRun(store)], folder)).rejects.toThrow('has no records yet');
    expect(existsSync(folder)).toBe(false);
  });
});

describe('the reader of these tests', () => {
  test('notices a changed byte anywhere', async () => {
    const store = temporaryStore();
    const run = trainedRun(store, createExperiment(store), { raw, levels: [0.1, 0.3] });
    const { folder, files } = await exportTensorboard(store, [run], join(temporaryFolder(), 'events'));
    const bytes = readFileSync(join(folder, files[0]!));
    for (const position of [0, 9, 20, 33, Math.floor(bytes.length / 2), bytes.length - 1]) {
      const changed = Buffer.from(bytes);
      changed[position]! ^= 4;
      expect(() => readEventFile(changed), `byte ${position}`).toThrow();
    }
  });
});
