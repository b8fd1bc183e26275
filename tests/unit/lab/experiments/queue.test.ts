import { expect, it, onTestFinished, vi } from 'vitest';
import { createExperiment, planRuns } from '../../../../src/lab/experiments/create.ts';
import { ExperimentQueue } from '../../../../src/lab/experiments/queue.ts';
import { findDataset } from '../../../../src/lab/data/findDataset.ts';
import { resolveConfiguration } from '../../../../src/shared/configuration.ts';
import { ScriptedLauncher } from '../../../helpers/scriptedTrainer.ts';
import { startedEvent, temporaryStore } from '../../../helpers/syntheticStore.ts';

async function setUp() {
  const store = temporaryStore();
  const dataset = await findDataset(store.home, 'sample');
  const launcher = new ScriptedLauncher();
  const changed: string[] = [];
  const queue = new ExperimentQueue(store, launcher, { onExperimentChanged: (experiment) => changed.push(experiment) });
  onTestFinished(() => queue.close());
  const create = (...names: string[]): string => {
    const runs = planRuns(names.map((name) => resolveConfiguration({ name, device: 'cpu' })));
    return createExperiment(store, { name: names.join(), dataset, runs })[0]!.experiment;
  };
  const states = (experiment: string): string[] => store.listRuns({ experiment }).map(({ state }) => state);
  return { store, launcher, queue, changed, create, states };
}

it('takes experiments in the order in which they are started', async () => {
  const { launcher, queue, create, states, changed } = await setUp();
  const [first, second] = [create('a'), create('b')];
  queue.start(second);
  queue.start(first);
  queue.start(first);
  expect([queue.status(first), queue.status(second)]).toEqual(['waiting', 'running']);
  (await launcher.trainer(0)).finish();
  (await launcher.trainer(1)).finish();
  await vi.waitFor(() => expect(queue.busy).toBe(false));
  expect([states(first), states(second)]).toEqual([['finished'], ['finished']]);
  expect(launcher.trainers.map(({ jobGiven }) => jobGiven.configuration.name)).toEqual(['b', 'a']);
  expect([...new Set(changed)]).toEqual([second, first]);
  expect(() => queue.start(first)).toThrow('finished or skipped');
});

it('after a lost device, starts nothing that waits for it until somebody starts it again', async () => {
  const { store, launcher, queue, create, states } = await setUp();
  const [first, second] = [create('a', 'b'), create('c')];
  queue.start(first);
  queue.start(second);
  const trainer = await launcher.trainer(0);
  trainer.tell(startedEvent(trainer.run));
  trainer.end({
    type: 'interrupted',
    run: trainer.run,
    step: 0,
    code: 'device',
    message: 'The machine ran out of memory.',
    fix: 'Take a smaller batch_size.',
  });
  await vi.waitFor(() => expect(queue.busy).toBe(false));
  expect([states(first), states(second)]).toEqual([['interrupted', 'interrupted'], ['interrupted']]);
  expect(launcher.trainers).toHaveLength(1);
  expect(store.listRuns({ experiment: second })[0]!.failure).toEqual({
    code: 'device',
    message: `Not started because run ${trainer.run} was interrupted: The machine ran out of memory.`,
    fix: 'Fix the cause, then resume it.',
  });
  queue.start(second);
  (await launcher.trainer(1)).finish();
  await vi.waitFor(() => expect(states(second)).toEqual(['finished']));
});

it('after a full disk, still takes the experiments that wait', async () => {
  const { launcher, queue, create, states } = await setUp();
  const [first, second] = [create('a', 'b'), create('c')];
  queue.start(first);
  queue.start(second);
  const trainer = await launcher.trainer(0);
  trainer.end({ type: 'interrupted', run: trainer.run, step: 0, code: 'storage', message: 'Full.', fix: 'Free it.' });
  (await launcher.trainer(1)).finish();
  await vi.waitFor(() => expect(queue.busy).toBe(false));
  expect([states(first), states(second)]).toEqual([['interrupted', 'interrupted'], ['finished']]);
});

it('lets an experiment leave it while it waits', async () => {
  const { launcher, queue, create, states } = await setUp();
  const [first, second] = [create('a'), create('b')];
  queue.start(first);
  queue.start(second);
  queue.stop(second);
  expect(queue.status(second)).toBeNull();
  (await launcher.trainer(0)).finish();
  await vi.waitFor(() => expect(queue.busy).toBe(false));
  expect(states(second)).toEqual(['queued']);
  expect(() => queue.stop(second)).toThrow('not being trained');
});
