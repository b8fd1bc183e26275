import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { openStore } from '../../../../../src/lab/store/runStore.ts';
import { connectScreen, draftOf, scriptedLab, type TestScreen } from '../../../../helpers/scriptedTrainer.ts';
import {
  createExperiment,
  evaluationEvent,
  startedEvent,
  stepEvent,
  temporaryHome,
  trainedRun,
} from '../../../../helpers/syntheticStore.ts';

async function statuses(screen: TestScreen, id: string): Promise<string[]> {
  const { status, runList } = await screen.call('experiments.details', { id });
  return [status, ...runList.map((run) => run.status)];
}

async function becomes(screen: TestScreen, id: string, ...expected: string[]): Promise<void> {
  await vi.waitFor(async () => expect(await statuses(screen, id)).toEqual(expected), { timeout: 5000, interval: 5 });
}

describe('an experiment', () => {
  it('is made of one run per recipe and seed, and keeps its draft', async () => {
    const { screen } = scriptedLab();
    const draft = { ...draftOf(['a', 'b']), seeds: [1, 2] };
    const made = await screen.call('experiments.create', { draft, start: false });
    expect(made).toMatchObject({
      name: draft.name,
      status: 'queued',
      encoder: 'static',
      device: null,
      runs: { total: 4, finished: 0, failed: 0 },
      best: null,
      baseline: null,
      foreign: false,
      tags: [],
      note: '',
    });
    const details = await screen.call('experiments.details', { id: made.id });
    expect(details.draft).toEqual(draft);
    expect(details.runList.map(({ name, seed }) => [name, seed])).toEqual([
      ['a', 1],
      ['a', 2],
      ['b', 1],
      ['b', 2],
    ]);
    expect(screen.notifications).toEqual([{ type: 'experiments' }]);
  });

  it('with a mistake in it is refused, and leaves nothing', async () => {
    const { screen } = scriptedLab();
    await expect(
      screen.call('experiments.create', { draft: draftOf(['a'], { epochs: 0 }), start: false }),
    ).rejects.toThrow(/epochs/);
    await expect(
      screen.call('experiments.create', { draft: { ...draftOf(['a']), dataset: 'none' }, start: false }),
    ).rejects.toThrow('There is no dataset "none"');
    expect(await screen.call('experiments.list', {})).toEqual([]);
  });

  it('is trained run by run, and one after the other', async () => {
    const { screen, launcher, service } = scriptedLab();
    const first = await screen.call('experiments.create', { draft: draftOf(['a', 'b']), start: true });
    const second = await screen.call('experiments.create', { draft: draftOf(['c']), start: true });
    expect((await screen.call('experiments.list', {})).map(({ status }) => status)).toEqual(['waiting', 'running']);
    expect(service.busy()).toBe(true);
    (await launcher.trainer(0)).finish();
    await becomes(screen, first.id, 'running', 'finished', 'running');
    expect(await statuses(screen, second.id)).toEqual(['waiting', 'queued']);
    (await launcher.trainer(1)).finish();
    await becomes(screen, first.id, 'finished', 'finished', 'finished');
    (await launcher.trainer(2)).finish();
    await becomes(screen, second.id, 'finished', 'finished');
    expect(launcher.trainers.map(({ jobGiven }) => jobGiven.configuration.name)).toEqual(['a', 'b', 'c']);
    const [, summary] = await screen.call('experiments.list', {});
    expect(summary).toMatchObject({
      device: 'cpu',
      runs: { total: 2, finished: 2, failed: 0 },
      baseline: 0.4,
      best: { name: 'a', value: 0.5 },
    });
    await expect(screen.call('experiments.start', { id: first.id })).rejects.toThrow('finished or skipped');
    await vi.waitFor(() => expect(service.busy()).toBe(false));
  });

  it('goes on when a run fails, and takes the failed one up again when it is started', async () => {
    const { screen, launcher } = scriptedLab();
    const { id } = await screen.call('experiments.create', { draft: draftOf(['a', 'b']), start: true });
    const trainer = await launcher.trainer(0);
    trainer.end({
      type: 'failed',
      run: trainer.run,
      step: 3,
      code: 'training',
      message: 'The loss became NaN.',
      fix: 'Lower it.',
    });
    (await launcher.trainer(1)).finish();
    await becomes(screen, id, 'failed', 'failed', 'finished');
    expect((await screen.call('experiments.details', { id })).runList[0]!.failure).toEqual({
      code: 'training',
      message: 'The loss became NaN.',
      fix: 'Lower it.',
    });
    await screen.call('experiments.start', { id });
    (await launcher.trainer(2)).finish();
    await becomes(screen, id, 'finished', 'finished', 'finished');
  });

  it('can be paused and go on; a pause outlasts the run', async () => {
    const { screen, launcher } = scriptedLab();
    const { id } = await screen.call('experiments.create', { draft: draftOf(['a', 'b']), start: true });
    const first = await launcher.trainer(0);
    await screen.call('experiments.pause', { id });
    expect(await statuses(screen, id)).toEqual(['paused', 'paused', 'queued']);
    expect(first.received).toEqual(['start', 'pause']);
    await screen.call('experiments.skipRun', { run: first.run });
    const second = await launcher.trainer(1);
    expect(second.received).toEqual(['start', 'pause']);
    await screen.call('experiments.unpause', { id });
    expect(second.received.at(-1)).toBe('unpause');
    second.finish();
    await becomes(screen, id, 'finished', 'skipped', 'finished');
  });

  it('leaves out skipped runs, before and while they are trained', async () => {
    const { screen, launcher } = scriptedLab();
    const { id } = await screen.call('experiments.create', { draft: draftOf(['a', 'b', 'c']), start: true });
    const { runList } = await screen.call('experiments.details', { id });
    const trainer = await launcher.trainer(0);
    await screen.call('experiments.skipRun', { run: runList[1]!.id });
    await screen.call('experiments.skipRun', { run: runList[0]!.id });
    expect(trainer.received).toEqual(['start', 'stop']);
    (await launcher.trainer(1)).finish();
    await becomes(screen, id, 'finished', 'skipped', 'skipped', 'finished');
    expect(launcher.trainers).toHaveLength(2);
    await expect(screen.call('experiments.skipRun', { run: runList[2]!.id })).rejects.toThrow('finished');
  });

  it('is cancelled after a checkpoint, and goes on when it is started', async () => {
    const { screen, launcher } = scriptedLab();
    const { id } = await screen.call('experiments.create', { draft: draftOf(['a', 'b']), start: true });
    const waiting = await screen.call('experiments.create', { draft: draftOf(['c']), start: true });
    await launcher.trainer(0);
    await screen.call('experiments.cancel', { id: waiting.id });
    expect(await statuses(screen, waiting.id)).toEqual(['queued', 'queued']);
    await screen.call('experiments.cancel', { id });
    await becomes(screen, id, 'stopped', 'stopped', 'queued');
    await expect(screen.call('experiments.cancel', { id })).rejects.toThrow('not being trained');
    await screen.call('experiments.start', { id });
    (await launcher.trainer(1)).finish();
    (await launcher.trainer(2)).finish();
    await becomes(screen, id, 'finished', 'finished', 'finished');
  });

  it('starts no other run after a lost device, says why, and continues when it is started', async () => {
    const { screen, launcher, service } = scriptedLab();
    const { id } = await screen.call('experiments.create', { draft: draftOf(['a', 'b', 'c']), start: true });
    (await launcher.trainer(0)).finish();
    const second = await launcher.trainer(1);
    const { run } = second;
    second.end({ type: 'interrupted', run, step: 0, code: 'device', message: 'The GPU was lost.', fix: 'Resume it.' });
    await becomes(screen, id, 'interrupted', 'finished', 'interrupted', 'interrupted');
    await vi.waitFor(() => expect(service.busy()).toBe(false));
    expect(launcher.trainers).toHaveLength(2);
    const { runList } = await screen.call('experiments.details', { id });
    expect(runList.map(({ failure }) => failure?.message)).toEqual([
      undefined,
      'The GPU was lost.',
      `Not started because run ${run} was interrupted: The GPU was lost.`,
    ]);
    await screen.call('experiments.start', { id });
    (await launcher.trainer(2)).finish();
    (await launcher.trainer(3)).finish();
    await becomes(screen, id, 'finished', 'finished', 'finished', 'finished');
  });

  it('outlives its trainer: the run is interrupted, and is taken up again', async () => {
    const { screen, launcher, service } = scriptedLab();
    const { id } = await screen.call('experiments.create', { draft: draftOf(['a']), start: true });
    const trainer = await launcher.trainer(0);
    trainer.tell(startedEvent(trainer.run), stepEvent(trainer.run, 1));
    trainer.kill();
    await becomes(screen, id, 'interrupted', 'interrupted');
    await vi.waitFor(() => expect(service.busy()).toBe(false));
    expect((await screen.call('experiments.details', { id })).runList[0]!.steps_done).toBe(1);
    await screen.call('experiments.start', { id });
    (await launcher.trainer(1)).finish();
    await becomes(screen, id, 'finished', 'finished');
  });

  it('outlives figures that cannot be stored: the run fails, and says why', async () => {
    const { screen, launcher } = scriptedLab();
    const { id } = await screen.call('experiments.create', { draft: draftOf(['a', 'b']), start: true });
    const trainer = await launcher.trainer(0);
    trainer.tell(
      startedEvent(trainer.run),
      evaluationEvent(trainer.run, 0, 0.4, {
        per_query: { question_ids: ['q'], values: { 'mrr@10': Float32Array.of(1, 2) } },
      }),
    );
    (await launcher.trainer(1)).finish();
    await becomes(screen, id, 'failed', 'failed', 'finished');
    expect((await screen.call('experiments.details', { id })).runList[0]!.failure).toMatchObject({
      code: 'internal',
      message: 'mrr@10 has 2 values for 1 questions',
    });
    await screen.call('experiments.start', { id });
    (await launcher.trainer(2)).finish();
    await becomes(screen, id, 'finished', 'finished', 'finished');
  });

  it('whose dataset has changed fails, and says why', async () => {
    const home = temporaryHome();
    const store = openStore(home);
    const experiment = createExperiment(store);
    trainedRun(store, experiment, { raw: { device: 'cpu' }, levels: [0.5, 0.6], end: 'stopped' });
    store.close();
    const { screen } = scriptedLab(home);
    await screen.call('experiments.start', { id: experiment.id });
    await becomes(screen, experiment.id, 'failed', 'failed');
    expect((await screen.call('experiments.details', { id: experiment.id })).runList[0]!.failure).toMatchObject({
      code: 'data',
      message: expect.stringContaining('its content has changed') as string,
    });
  });

  it('is stopped after a checkpoint when the lab is closed', async () => {
    const { screen, launcher, service, home } = scriptedLab();
    await screen.call('experiments.create', { draft: draftOf(['a', 'b']), start: true });
    await launcher.trainer(0);
    await service.close();
    using store = openStore(home);
    expect(store.listRuns().map(({ state }) => state)).toEqual(['stopped', 'queued']);
  });
});

describe('what a running run shows', () => {
  it('is its phase, its speed, what is left, and its memory', async () => {
    const { screen, launcher } = scriptedLab();
    const { id } = await screen.call('experiments.create', {
      draft: draftOf(['a', 'b'], { eval_steps: 50 }),
      start: true,
    });
    const trainer = await launcher.trainer(0);
    const { run } = trainer;
    const views = async () => (await screen.call('experiments.details', { id })).runList;
    trainer.tell({ type: 'phase', run, phase: 'Tokenising', done: 10, total: 40 });
    trainer.say({ type: 'memory', bytes: 5e8 });
    expect((await views())[0]).toMatchObject({
      phase: { name: 'Tokenising', done: 10, total: 40 },
      memoryBytes: 5e8,
      documentsPerSecond: null,
      secondsLeft: null,
    });
    // 100 steps of 0.05 s, 20 an epoch: evaluations of 0.2 s at 20, 40, 50, 60, 80 and 100.
    trainer.tell(startedEvent(run), evaluationEvent(run, 0, 0.4));
    for (let step = 1; step <= 30; step++) trainer.tell(stepEvent(run, step));
    const [running, queued] = await vi.waitFor(async () => {
      const runs = await views();
      expect(runs[0]!.steps_done).toBe(30);
      return runs;
    });
    expect(running).toMatchObject({
      phase: null,
      documentsPerSecond: expect.closeTo(128 / 0.05) as number,
      tokensPerSecond: expect.closeTo(4000 / 0.05) as number,
    });
    expect(running!.secondsLeft).toBeCloseTo(70 * 0.05 + 5 * 0.2);
    expect(queued!.secondsLeft).toBeCloseTo(100 * 0.05 + 7 * 0.2);
    trainer.kill();
  });
});

describe('what people note', () => {
  it('is kept, and every screen is told', async () => {
    const { screen, service } = scriptedLab();
    const other = connectScreen(service);
    const { id } = await screen.call('experiments.create', { draft: draftOf(['a']), start: false });
    other.notifications.length = 0;
    await screen.call('experiments.rename', { id, name: '  Better ' });
    await screen.call('experiments.setTags', { id, tags: ['small', 'cpu', 'small'] });
    await screen.call('experiments.setNote', { id, note: 'Look at <b>this</b>.' });
    expect((await other.call('experiments.list', {}))[0]).toMatchObject({
      name: 'Better',
      tags: ['small', 'cpu'],
      note: 'Look at <b>this</b>.',
    });
    expect(other.notifications).toHaveLength(3);
    await expect(screen.call('experiments.rename', { id, name: ' ' })).rejects.toMatchObject({ code: 'usage' });
    await expect(screen.call('experiments.rename', { id: 'none', name: 'x' })).rejects.toThrow(
      'Experiment "none" does not exist',
    );
  });
});

describe('deleting', () => {
  it('can be undone, and is refused while the experiment is trained', async () => {
    const { screen, launcher } = scriptedLab();
    const { id } = await screen.call('experiments.create', { draft: draftOf(['a']), start: true });
    await expect(screen.call('experiments.delete', { id })).rejects.toThrow('is being trained');
    (await launcher.trainer(0)).finish();
    await becomes(screen, id, 'finished', 'finished');
    await screen.call('experiments.delete', { id });
    expect(await screen.call('experiments.list', {})).toEqual([]);
    await screen.call('experiments.restore', { id });
    expect(await screen.call('experiments.list', {})).toHaveLength(1);
  });

  it('is for good a day later, run folders included', async () => {
    const { screen, service, home } = scriptedLab();
    const [kept, removed] = [
      await screen.call('experiments.create', { draft: draftOf(['a']), start: false }),
      await screen.call('experiments.create', { draft: draftOf(['b']), start: false }),
    ];
    const folderOf = async ({ id }: { id: string }): Promise<string> => {
      const folder = join(home.runs, (await screen.call('experiments.details', { id })).runList[0]!.id);
      mkdirSync(folder);
      return folder;
    };
    const [keptFolder, removedFolder] = [await folderOf(kept), await folderOf(removed)];
    vi.useFakeTimers({ toFake: ['Date'] });
    try {
      await screen.call('experiments.delete', { id: removed.id });
      await service.close();
      vi.setSystemTime(Date.now() + 25 * 3600 * 1000);
      const later = scriptedLab(home);
      await later.screen.call('experiments.delete', { id: kept.id });
      await expect(later.screen.call('experiments.details', { id: removed.id })).rejects.toThrow('does not exist');
      expect(await later.screen.call('experiments.details', { id: kept.id })).toBeDefined();
    } finally {
      vi.useRealTimers();
    }
    expect([keptFolder, removedFolder].map((folder) => existsSync(folder))).toEqual([true, false]);
  });
});

it('a call with a method or an input that the contract does not have is refused in words', async () => {
  const { service } = scriptedLab();
  const connection = service.connect(() => undefined);
  await expect(connection.call('toString', {})).rejects.toThrow('The lab does not have a method "toString".');
  await expect(connection.call('experiments.details', {})).rejects.toThrow(/^experiments\.details\.id: /);
});
