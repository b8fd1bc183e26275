import { describe, expect, it } from 'vitest';
import { resolveConfiguration } from '../../../../src/shared/configuration.ts';
import {
  createExperiment,
  createRun,
  evaluationEvent,
  hashes,
  startedEvent,
  stepEvent,
  temporaryHome,
  temporaryStore,
  trainedRun,
} from '../../../helpers/syntheticStore.ts';

const nan = Number.NaN;

describe('experiments and runs', () => {
  it('come back as they were made', () => {
    const store = temporaryStore();
    const experiment = createExperiment(store, { epochs: 3 });
    const configuration = resolveConfiguration({ epochs: 3, batch_transform: 'triplet', seed: 7, name: 'Triplet' });
    const run = store.createRun({ experiment: experiment.id, configuration });
    expect(store.listExperiments()).toEqual([experiment]);
    expect(run).toMatchObject({
      name: 'Triplet',
      seed: 7,
      state: 'queued',
      experiment: experiment.id,
      dataset: { name: 'sample' },
      start: null,
      failure: null,
    });
    expect(run.configuration).toEqual(configuration);
    expect(run.recipe).toEqual(configuration.recipe);
    expect(run.id).toMatch(/^[2-9a-z]{4}-triplet$/);
  });

  it('are listed in the order of their creation, and by experiment and state', () => {
    const store = temporaryStore();
    const [first, second] = [createRun(store), createRun(store, { seed: 1 })];
    store.claim(second.id);
    expect(store.listRuns().map(({ id }) => id)).toEqual([first.id, second.id]);
    expect(store.listRuns({ experiment: second.experiment }).map(({ id }) => id)).toEqual([second.id]);
    expect(store.listRuns({ states: ['queued', 'failed'] }).map(({ id }) => id)).toEqual([first.id]);
  });

  it('give an experiment the state that most wants attention', () => {
    const store = temporaryStore();
    const experiment = createExperiment(store);
    trainedRun(store, experiment, { raw: {}, levels: [0.5, 0.6] });
    expect(store.listExperiments()[0]!.state).toBe('finished');
    trainedRun(store, experiment, { raw: {}, levels: [0.5], end: 'failed' });
    expect(store.listExperiments()[0]!.state).toBe('failed');
  });

  it('are found by the beginning of their id', () => {
    const store = temporaryStore();
    const runs = Array.from({ length: 28 }, () => createRun(store));
    expect(store.getRun(runs[3]!.id.slice(0, 9)).id).toMatch(new RegExp(`^${runs[3]!.id.slice(0, 9)}`));
    // 28 ids over 27 first characters: two must share theirs.
    const shared = runs.map(({ id }) => id[0]!).find((character, index, all) => all.indexOf(character) !== index)!;
    const candidates = runs.filter(({ id }) => id.startsWith(shared)).map(({ id }) => id);
    expect(() => store.getRun(shared)).toThrow(
      `"${shared}" matches ${candidates.length} runs: ${candidates.slice(0, 8).join(', ')}`,
    );
    expect(() => store.getRun('%')).toThrow('Run "%" does not exist.');
    expect(() => store.getRun('')).toThrow('Run "" does not exist.');
  });
});

describe('what a run reports', () => {
  it('is kept, figures that are no numbers included', () => {
    const store = temporaryStore();
    const { id } = store.claim(createRun(store).id);
    const losses = [1.5, nan, Infinity, -Infinity, -0.25];
    store.record(id, startedEvent(id), ...losses.map((loss, index) => stepEvent(id, index + 1, { loss })));
    expect(store.stepMetrics(id, 'loss').map(({ value }) => value)).toEqual(losses);
    expect(store.stepMetrics(id, 'loss')[4]).toEqual({ step: 5, value: -0.25 });
    expect(store.stepMetricNames(id)).toEqual(
      expect.arrayContaining(['loss', 'acc', 'gradient_norm', 'learning_rate', 'epoch', 'tokens']),
    );
    expect(store.stepMetrics(id, 'no such metric')).toEqual([]);
    expect(store.getRun(id)).toMatchObject({
      steps_done: 5,
      training_seconds: 0.25,
      start: { device: 'cpu', parameters: 8_405_000, hashes },
    });
  });

  it('includes evaluations with a value for each question', () => {
    const store = temporaryStore();
    const { id } = store.claim(createRun(store).id);
    const values = Float32Array.of(0.5, nan, Infinity);
    store.record(
      id,
      evaluationEvent(id, 20, 0.6),
      evaluationEvent(id, 0, 0.5, {
        metrics: { 'mrr@10': 0.5, 'map@100': nan },
        per_query: { question_ids: ['a', 'b', 'c'], values: { 'mrr@10': values } },
      }),
    );
    const [untrained, trained] = store.evaluations(id);
    expect(untrained).toEqual({
      step: 0,
      epoch: 0,
      seconds: 0.2,
      training_seconds: 0,
      metrics: { 'mrr@10': 0.5, 'map@100': nan },
    });
    expect(trained).toMatchObject({ step: 20, epoch: 1, training_seconds: 1 });
    expect(store.perQuery(id, 0, 'mrr@10')).toEqual({ question_ids: ['a', 'b', 'c'], values });
    expect(() => store.perQuery(id, 5, 'mrr@10')).toThrow('at step 5');
  });

  it('of validation and of test questions are kept apart at the same step', () => {
    const store = temporaryStore();
    const { id } = store.claim(createRun(store).id);
    const per_query = { question_ids: ['v'], values: { 'mrr@10': Float32Array.of(0.125) } };
    store.record(
      id,
      evaluationEvent(id, 0, 0.25),
      evaluationEvent(id, 20, 0.5),
      evaluationEvent(id, 20, 0.75, { split: 'validation', metrics: { 'mrr@10': 0.125 }, per_query }),
    );
    expect(store.evaluations(id).map(({ step, metrics }) => [step, metrics['mrr@10']])).toEqual([
      [0, 0.25],
      [20, 0.5],
    ]);
    expect(store.evaluations(id, -1, 'validation')).toMatchObject([{ step: 20, metrics: { 'mrr@10': 0.125 } }]);
    expect(store.perQuery(id, 20, 'mrr@10').question_ids).toEqual(['q1', 'q2', 'q3']);
    expect(store.perQuery(id, 20, 'mrr@10', 'validation').question_ids).toEqual(['v']);
    expect(store.allPerQuery(id, 20, 'validation')).toEqual(per_query);
    expect(() => store.perQuery(id, 0, 'mrr@10', 'validation')).toThrow('at step 0');
    // The best and the untrained value of an experiment are those of test questions.
    expect(store.listOverviews()[0]).toMatchObject({ best: { value: 0.5 }, baseline: 0.25 });
    store.rewind(id, 10);
    expect(store.evaluations(id, -1, 'validation')).toEqual([]);
  });

  it('is refused when a metric has not one value per question', () => {
    const store = temporaryStore();
    const { id } = store.claim(createRun(store).id);
    const torn = evaluationEvent(id, 0, 0.5, {
      per_query: { question_ids: ['a'], values: { 'mrr@10': Float32Array.of(1, 2) } },
    });
    expect(() => store.record(id, torn)).toThrow(RangeError);
    expect(store.evaluations(id)).toEqual([]);
  });

  it('is not doubled when it is reported again', () => {
    const store = temporaryStore();
    const { id } = store.claim(createRun(store).id);
    const events = [
      stepEvent(id, 1),
      evaluationEvent(id, 20, 0.5),
      { run: id, type: 'checkpoint', step: 20, file: 'step-20' } as const,
    ];
    store.record(id, ...events);
    store.record(id, ...events, stepEvent(id, 1, { loss: 9 }));
    expect(store.stepMetrics(id, 'loss')).toEqual([{ step: 1, value: 9 }]);
    expect(store.evaluations(id)).toHaveLength(1);
    expect(store.perQuery(id, 20, 'mrr@10').values).toHaveLength(3);
    expect(store.events(id)).toHaveLength(1);
  });

  it('is stored wholly or not at all', () => {
    const store = temporaryStore();
    const { id } = store.claim(createRun(store).id);
    const torn = evaluationEvent(id, 0, 0.5, {
      per_query: { question_ids: [], values: { 'mrr@10': Float32Array.of(1) } },
    });
    expect(() => store.record(id, stepEvent(id, 1), torn)).toThrow();
    expect(store.stepMetrics(id, 'loss')).toEqual([]);
  });

  it('keeps its story in order', () => {
    const store = temporaryStore();
    const { id } = store.claim(createRun(store).id);
    store.record(id, startedEvent(id), { run: id, type: 'phase', phase: 'tokenising', done: 1, total: 2 });
    store.record(id, { run: id, type: 'notice', message: 'A notice.' }, { run: id, type: 'stopped', step: 0 });
    expect(store.events(id).map(({ seq, event }) => [seq, event.type])).toEqual([
      [1, 'started'],
      [2, 'notice'],
      [3, 'stopped'],
    ]);
    expect(store.events(id)[1]!.event).toEqual({ run: id, type: 'notice', message: 'A notice.' });
  });
});

describe('how a run ends', () => {
  it('finished, with its encoder', () => {
    const store = temporaryStore();
    const run = trainedRun(store, createExperiment(store), { raw: {}, levels: [0.5, 0.6] });
    expect(run).toMatchObject({
      state: 'finished',
      encoder: `/runs/${run.id}/encoder`,
      peak_memory_bytes: 3e8,
      training_seconds: 1,
    });
    expect(run.ended).not.toBeNull();
    expect(() => store.claim(run.id)).toThrow(`Run ${run.id} is finished: it cannot be resumed.`);
    expect(() => store.record(run.id, stepEvent(run.id, 21))).toThrow('it is finished');
  });

  it('failed, with the reason, which a resumed run forgets', () => {
    const store = temporaryStore();
    const { id, failure } = trainedRun(store, createExperiment(store), { raw: {}, levels: [0.5, 0.4], end: 'failed' });
    expect(failure).toEqual({ code: 'training', message: 'The loss is NaN at step 41.', fix: 'Lower learning_rate.' });
    expect(store.claim(id)).toMatchObject({ state: 'running', failure: null, ended: null });
  });

  it('without an event of its own', () => {
    const store = temporaryStore();
    const { id } = store.claim(createRun(store).id);
    store.setState(id, 'interrupted');
    expect(store.getRun(id).state).toBe('interrupted');
  });
});

describe('a resumed run', () => {
  it('forgets what it did after its checkpoint', () => {
    const store = temporaryStore();
    const { id } = trainedRun(store, createExperiment(store), { raw: {}, levels: [0.5, 0.6, 0.7], end: 'running' });
    store.record(
      id,
      { run: id, type: 'checkpoint', step: 20, file: 'a' },
      { run: id, type: 'checkpoint', step: 40, file: 'b' },
      { run: id, type: 'stopped', step: 40 },
    );
    store.claim(id);
    store.record(id, startedEvent(id, { resumed_at: 20 }));
    expect(store.getRun(id).steps_done).toBe(20);
    expect(store.evaluations(id).map(({ step }) => step)).toEqual([0, 20]);
    expect(() => store.perQuery(id, 40, 'mrr@10')).toThrow('at step 40');
    expect(store.events(id).flatMap(({ event }) => (event.type === 'checkpoint' ? [event.step] : []))).toEqual([20]);
  });

  it('can be rewound by the program that writes it only', () => {
    const home = temporaryHome();
    const store = temporaryStore(home);
    const { id } = trainedRun(store, createExperiment(store), { raw: {}, levels: [0.5, 0.6], end: 'running' });
    store.rewind(id, 0);
    expect(store.stepMetrics(id, 'loss')).toEqual([]);
    expect(store.evaluations(id).map(({ step }) => step)).toEqual([0]);
    store.setState(id, 'stopped');
    expect(() => store.rewind(id, 0)).toThrow('it is stopped');
  });
});
