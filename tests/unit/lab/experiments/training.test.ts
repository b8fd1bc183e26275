import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createExperiment, planRuns } from '../../../../src/lab/experiments/create.ts';
import { ExperimentTraining, type TrainingObserver } from '../../../../src/lab/experiments/training.ts';
import { findDataset } from '../../../../src/lab/data/findDataset.ts';
import type { Store } from '../../../../src/lab/store/runStore.ts';
import { resolveConfiguration, type RawConfiguration } from '../../../../src/shared/configuration.ts';
import { LabError } from '../../../../src/shared/errors.ts';
import type { Run } from '../../../../src/shared/history.ts';
import { ScriptedLauncher, type ScriptedTrainer } from '../../../helpers/scriptedTrainer.ts';
import { startedEvent, stepEvent, temporaryStore } from '../../../helpers/syntheticStore.ts';

const conditions = { dataset: '/sample', device: { device: 'webgpu', reason: 'asked for' } } as const;

function configurations(names: readonly string[], change: RawConfiguration = {}) {
  return names.map((name) => resolveConfiguration({ name, device: 'cpu', ...change }));
}

async function create(store: Store, names: readonly string[]): Promise<Run[]> {
  const dataset = await findDataset(store.home, 'sample');
  return createExperiment(store, { name: 'Runs', dataset, runs: planRuns(configurations(names)) });
}

async function setUp(names: readonly string[], observer: TrainingObserver = {}) {
  const store = temporaryStore();
  const launcher = new ScriptedLauncher();
  const runs = await create(store, names);
  const training = new ExperimentTraining(store, launcher, runs, observer);
  const states = (): string[] => store.listRuns().map(({ state }) => state);
  return { store, launcher, runs, training, states };
}

function loseDevice(trainer: ScriptedTrainer, step = 1): void {
  const { run } = trainer;
  trainer.tell(startedEvent(run), stepEvent(run, step));
  trainer.end({ type: 'interrupted', run, step, code: 'device', message: 'The GPU was lost.', fix: 'Resume it.' });
}

describe('an experiment', () => {
  it('has a queued run for each configuration', async () => {
    const { store, runs } = await setUp(['a', 'b']);
    const [experiment] = store.listExperiments();
    expect(experiment).toMatchObject({ name: 'Runs', dataset: { name: 'sample' }, state: 'queued' });
    expect(runs.map(({ name, state, experiment: id }) => [name, state, id])).toEqual([
      ['a', 'queued', experiment!.id],
      ['b', 'queued', experiment!.id],
    ]);
  });

  it('is refused for runs under different conditions, and for none', () => {
    const [a] = configurations(['a']);
    const [b] = configurations(['b'], { epochs: 2 });
    expect(() => planRuns([a!, b!])).toThrow('"a" and "b" differ in epochs');
    expect(() => planRuns([])).toThrow('has no runs');
  });

  it('is stored as a whole, or not at all', async () => {
    const store = temporaryStore();
    const failing = vi.spyOn(store, 'createRun').mockImplementation(() => {
      throw new LabError('storage', 'The disk is full.');
    });
    onTestFinished(() => failing.mockRestore());
    await expect(create(store, ['a'])).rejects.toThrow('The disk is full.');
    expect(store.listExperiments()).toEqual([]);
  });
});

describe('training', () => {
  it('takes one run after the other, and reports how they go', async () => {
    const seen: string[] = [];
    const { launcher, training, states } = await setUp(['a', 'b'], {
      onRunStarted: ({ name }) => seen.push(`${name} started`),
      onEvent: ({ name }, { type }) => seen.push(`${name} ${type}`),
      onMemory: ({ name }, bytes) => seen.push(`${name} ${bytes} bytes`),
      onRunEnded: ({ name, state, steps_done }) => seen.push(`${name} is ${state} at ${steps_done}`),
    });
    const ended = training.train(conditions);
    const first = await launcher.trainer(0);
    expect(first.jobGiven).toMatchObject({ dataset: '/sample', device: 'webgpu', deviceReason: 'asked for' });
    expect(states()).toEqual(['running', 'queued']);
    first.say({ type: 'memory', bytes: 7 });
    first.finish(1);
    (await launcher.trainer(1)).finish(2);
    expect(await ended).toBeNull();
    expect(states()).toEqual(['finished', 'finished']);
    expect(seen.filter((what) => !/evaluation|step|health/.test(what))).toEqual([
      'a started',
      'a 7 bytes',
      'a started',
      'a finished',
      'a is finished at 1',
      'b started',
      'b started',
      'b finished',
      'b is finished at 2',
    ]);
  });

  it('continues after a run that fails', async () => {
    const { launcher, training, states } = await setUp(['a', 'b']);
    const ended = training.train(conditions);
    const first = await launcher.trainer(0);
    first.end({ type: 'failed', run: first.run, step: 1, code: 'training', message: 'The loss is NaN.', fix: '' });
    (await launcher.trainer(1)).finish();
    expect(await ended).toBeNull();
    expect(states()).toEqual(['failed', 'finished']);
  });

  it('starts no other run after a lost device: they say why, and can be trained later', async () => {
    const { store, launcher, runs, training, states } = await setUp(['a', 'b', 'c']);
    const ended = training.train(conditions);
    (await launcher.trainer(0)).finish();
    loseDevice(await launcher.trainer(1));
    const reason = {
      code: 'device',
      message: `Not started because run ${runs[1]!.id} was interrupted: The GPU was lost.`,
      fix: 'Fix the cause, then resume it.',
    };
    expect(await ended).toEqual(reason);
    expect(launcher.trainers).toHaveLength(2);
    expect(states()).toEqual(['finished', 'interrupted', 'interrupted']);
    expect(store.getRun(runs[1]!.id).failure!.message).toBe('The GPU was lost.');
    expect(store.getRun(runs[2]!.id).failure).toEqual(reason);
    const again = new ExperimentTraining(store, launcher, store.listRuns().slice(1), {}).train(conditions);
    (await launcher.trainer(2)).finish();
    (await launcher.trainer(3)).finish();
    expect(await again).toBeNull();
    expect(store.listRuns().map(({ failure }) => failure)).toEqual([null, null, null]);
  });

  it('starts no other run after its training process was killed by others', async () => {
    const { launcher, training, states } = await setUp(['a', 'b']);
    const ended = training.train(conditions);
    (await launcher.trainer(0)).kill();
    expect(await ended).toMatchObject({ code: 'device', message: expect.stringContaining('was killed') as string });
    expect(states()).toEqual(['interrupted', 'interrupted']);
  });

  it('stops after a checkpoint, or at once: the others stay queued', async () => {
    for (const how of ['stop', 'kill'] as const) {
      const { launcher, training, states } = await setUp(['a', 'b']);
      const ended = training.train(conditions);
      const trainer = await launcher.trainer(0);
      training[how]();
      expect(await ended).toBeNull();
      expect(trainer.received).toEqual(how === 'stop' ? ['start', 'stop'] : ['start']);
      expect(states()).toEqual([how === 'stop' ? 'stopped' : 'interrupted', 'queued']);
      expect(launcher.trainers).toHaveLength(1);
    }
  });

  it('stops one run, and continues with the next', async () => {
    const { launcher, runs, training, states } = await setUp(['a', 'b']);
    const ended = training.train(conditions);
    await launcher.trainer(0);
    training.stopRun(runs[1]!.id);
    training.stopRun(runs[0]!.id);
    (await launcher.trainer(1)).finish();
    expect(await ended).toBeNull();
    expect(states()).toEqual(['stopped', 'finished']);
  });

  it('passes over runs that were skipped or finished meanwhile, but not one that was skipped before', async () => {
    const { store, launcher, runs, training } = await setUp(['a', 'b', 'c']);
    const ended = training.train(conditions);
    store.skipRun(runs[1]!.id);
    (await launcher.trainer(0)).finish();
    (await launcher.trainer(1)).finish();
    expect(await ended).toBeNull();
    expect(launcher.trainers.map(({ run }) => run)).toEqual([runs[0]!.id, runs[2]!.id]);
    const asked = new ExperimentTraining(store, launcher, [store.getRun(runs[1]!.id)], {}).train(conditions);
    (await launcher.trainer(2)).finish();
    expect(await asked).toBeNull();
    expect(store.getRun(runs[1]!.id).state).toBe('finished');
  });

  it('starts no other run when the history cannot be written, and reports that', async () => {
    const unrecorded: unknown[] = [];
    const { store, launcher, training } = await setUp(['a', 'b'], {
      onUnrecordedEnd: ({ name }, cause) => unrecorded.push([name, (cause as Error).message]),
    });
    const ended = training.train(conditions);
    const trainer = await launcher.trainer(0);
    const recording = vi.spyOn(store, 'record').mockImplementation(() => {
      throw new LabError('storage', 'The disk is full.', 'Free some space.');
    });
    onTestFinished(() => recording.mockRestore());
    trainer.tell(startedEvent(trainer.run));
    expect(await ended).toMatchObject({
      code: 'storage',
      message: expect.stringContaining('The disk is full.') as string,
    });
    expect(launcher.trainers).toHaveLength(1);
    expect(unrecorded).toEqual([
      ['a', 'The disk is full.'],
      ['b', 'The disk is full.'],
    ]);
  });

  it('that cannot begin leaves every run failed, with the reason', async () => {
    const { store, training } = await setUp(['a', 'b']);
    training.fail(new LabError('data', 'There is no dataset "sample".', 'Import it.'));
    for (const { state, failure } of store.listRuns())
      expect([state, failure]).toEqual([
        'failed',
        { code: 'data', message: 'There is no dataset "sample".', fix: 'Import it.' },
      ]);
  });
});
