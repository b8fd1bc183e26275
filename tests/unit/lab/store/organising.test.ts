import { describe, expect, it } from 'vitest';
import { openStore } from '../../../../src/lab/store/runStore.ts';
import {
  createExperiment,
  createRun,
  evaluationEvent,
  startedEvent,
  stepEvent,
  temporaryHome,
  temporaryStore,
  trainedRun,
} from '../../../helpers/syntheticStore.ts';

const nan = Number.NaN;

describe('curves', () => {
  it('are columns over the steps of the run, equal to what was recorded', () => {
    const store = temporaryStore();
    const { id } = store.claim(createRun(store).id);
    const losses = [1.5, nan, Infinity, -Infinity, -0.25];
    // The second step has no batch metric, as one whose loss has none for its batch.
    store.record(
      id,
      startedEvent(id),
      ...losses.map((loss, index) =>
        stepEvent(id, 2 * index + 1, { loss, metrics: index === 1 ? {} : { acc: index } }),
      ),
    );
    const { steps, columns } = store.curves(id, ['loss', 'acc', 'documents', 'no such curve']);
    expect(steps).toEqual(Float64Array.of(1, 3, 5, 7, 9));
    expect(Object.keys(columns)).toEqual(['loss', 'acc', 'documents']);
    expect(columns.loss).toEqual(Float64Array.from(losses));
    expect(columns.acc).toEqual(Float64Array.of(0, nan, 2, 3, 4));
    expect(store.curves(id, ['acc'], 3)).toEqual({
      steps: Float64Array.of(5, 7, 9),
      columns: { acc: Float64Array.of(2, 3, 4) },
    });
    expect(store.curves(id, ['loss'], 9)).toEqual({ steps: new Float64Array(0), columns: {} });
  });

  it('are read one at a time or all together with the same result', () => {
    const store = temporaryStore();
    const { id } = trainedRun(store, createExperiment(store), { raw: {}, levels: [0.5, 0.6] });
    const names = store.stepMetricNames(id);
    expect(names).toEqual([...names].sort());
    const { steps, columns } = store.curves(id, names);
    for (const name of names)
      expect(store.stepMetrics(id, name)).toEqual(
        [...steps].map((step, row) => ({ step, value: columns[name]![row] })),
      );
  });
});

describe('an overview', () => {
  it('counts runs, and names the best and the untrained encoder', () => {
    const store = temporaryStore();
    const experiment = createExperiment(store, { encoder: 'mini' });
    expect(store.overviewOf(experiment.id)).toMatchObject({
      status: 'queued',
      runs: { total: 0, finished: 0, failed: 0 },
      best: null,
      baseline: null,
      device: null,
      encoder: 'mini',
    });
    trainedRun(store, experiment, { raw: { name: 'weak' }, levels: [0.5, 0.52] });
    const strong = trainedRun(store, experiment, { raw: { name: 'strong' }, levels: [0.5, 0.7, nan] });
    trainedRun(store, experiment, { raw: { name: 'worse than none' }, levels: [0.9], end: 'failed' });
    expect(store.overviewOf(experiment.id)).toMatchObject({
      status: 'failed',
      device: 'cpu',
      runs: { total: 3, finished: 2, failed: 1 },
      best: { run: strong.id, name: 'strong', value: 0.7 },
      baseline: 0.5,
    });
  });

  it('has no best where no evaluation gave a number', () => {
    const store = temporaryStore();
    const experiment = createExperiment(store);
    trainedRun(store, experiment, { raw: {}, levels: [nan, nan] });
    expect(store.overviewOf(experiment.id)).toMatchObject({ best: null, baseline: null });
  });

  it('lets skipped runs out of the status, unless there are no others', () => {
    const store = temporaryStore();
    const experiment = createExperiment(store);
    store.skipRun(createRun(store, {}, experiment).id);
    expect(store.overviewOf(experiment.id).status).toBe('skipped');
    trainedRun(store, experiment, { raw: {}, levels: [0.5, 0.6] });
    expect(store.overviewOf(experiment.id).status).toBe('finished');
  });

  it('lists the newest first', () => {
    const store = temporaryStore();
    const made = [createExperiment(store), createExperiment(store)];
    expect(store.listOverviews().map(({ id }) => id)).toEqual(made.map(({ id }) => id).reverse());
  });
});

describe('deleted experiments', () => {
  it('are out of every list until they are restored', () => {
    const store = temporaryStore();
    const { experiment, id } = createRun(store);
    store.deleteExperiment(experiment);
    expect([store.listExperiments(), store.listOverviews(), store.listRuns()]).toEqual([[], [], []]);
    expect(store.listRuns({ experiment }).map((run) => run.id)).toEqual([id]);
    store.restoreExperiment(experiment);
    expect([store.listExperiments(), store.listOverviews(), store.listRuns()].map(({ length }) => length)).toEqual([
      1, 1, 1,
    ]);
  });

  it('do not count among the newest runs, nor where the beginning of an id is given', () => {
    const store = temporaryStore();
    const deleted = createRun(store);
    store.deleteExperiment(deleted.experiment);
    expect(() => store.getRun('none')).toThrow(
      expect.objectContaining({ fix: 'No runs yet. "losslab train" creates runs.' }),
    );
    expect(() => store.getRun(deleted.id.slice(0, -1))).toThrow(`Run "${deleted.id.slice(0, -1)}" does not exist.`);
    const kept = createRun(store);
    expect(() => store.getRun('none')).toThrow(expect.objectContaining({ fix: `The newest runs: ${kept.id}.` }));
    // By its whole id it is still there, as its experiment can be restored.
    expect(store.getRun(deleted.id).id).toBe(deleted.id);
  });

  it('leave the beginning of an id to the run that is kept', () => {
    const store = temporaryStore();
    const runs = Array.from({ length: 28 }, () => createRun(store));
    // 28 ids over 27 first characters: two must share theirs.
    const shared = runs.map(({ id }) => id[0]!).find((character, index, all) => all.indexOf(character) !== index)!;
    const [kept, ...others] = runs.filter(({ id }) => id.startsWith(shared));
    for (const { experiment } of others) store.deleteExperiment(experiment);
    expect(store.getRun(shared).id).toBe(kept!.id);
  });

  it('go for good with everything that was measured, unless they are being trained', () => {
    const store = temporaryStore();
    const old = trainedRun(store, createExperiment(store), { raw: {}, levels: [0.5, 0.6] });
    const training = trainedRun(store, createExperiment(store), { raw: {}, levels: [0.5], end: 'running' });
    const kept = createRun(store);
    for (const { experiment } of [old, training]) store.deleteExperiment(experiment);
    const yesterday = new Date(Date.now() - 1000);
    expect(store.runsDeletedBefore(yesterday)).toEqual([]);
    const later = new Date(Date.now() + 1000);
    expect(store.runsDeletedBefore(later)).toEqual([old.id]);
    store.purgeDeleted(later);
    expect(() => store.getRun(old.id)).toThrow('does not exist');
    expect(store.getRun(training.id).state).toBe('running');
    expect(store.getRun(kept.id).state).toBe('queued');
  });
});

describe('reading', () => {
  it('at one moment sees nothing that others write meanwhile', () => {
    const home = temporaryHome();
    const [reader, writer] = [temporaryStore(home), openStore(home)];
    const { id } = writer.claim(createRun(writer).id);
    const before = reader.foreignChanges();
    reader.atOneMoment(() => {
      expect(reader.evaluations(id)).toEqual([]);
      writer.record(id, evaluationEvent(id, 0, 0.5));
      expect(reader.evaluations(id)).toEqual([]);
    });
    expect(reader.evaluations(id)).toHaveLength(1);
    expect(reader.foreignChanges()).not.toBe(before);
    writer.close();
  });

  it('tells the pace of the last steps', () => {
    const store = temporaryStore();
    const { id } = store.claim(createRun(store).id);
    expect(store.pace(id)).toBeNull();
    store.record(id, startedEvent(id), stepEvent(id, 1, { step_seconds: 9 }));
    expect(store.pace(id)).toEqual({
      secondsPerStep: 9,
      documentsPerSecond: 128 / 9,
      tokensPerSecond: 4000 / 9,
      evaluationSeconds: null,
    });
    for (let step = 2; step <= 21; step++) store.record(id, stepEvent(id, step));
    store.record(id, evaluationEvent(id, 21, 0.5));
    const pace = store.pace(id)!;
    expect(pace.secondsPerStep).toBeCloseTo(0.05);
    expect(pace.documentsPerSecond).toBeCloseTo(128 / 0.05);
    expect(pace.tokensPerSecond).toBeCloseTo(4000 / 0.05);
    expect(pace.evaluationSeconds).toBe(0.2);
  });
});

it('events of a run keep their numbers when later checkpoints are forgotten', () => {
  const store = temporaryStore();
  const { id } = store.claim(createRun(store).id);
  store.record(
    id,
    startedEvent(id),
    { run: id, type: 'checkpoint', step: 20, file: 'a' },
    { run: id, type: 'checkpoint', step: 40, file: 'b' },
  );
  store.record(id, startedEvent(id, { resumed_at: 20 }));
  expect(store.events(id).map(({ seq, event }) => [seq, event.type])).toEqual([
    [1, 'started'],
    [2, 'checkpoint'],
    [4, 'started'],
  ]);
  expect(store.events(id, 2).map(({ seq }) => seq)).toEqual([4]);
});
