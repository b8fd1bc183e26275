import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { Store } from '../../../../../src/lab/store/runStore.ts';
import { LabError } from '../../../../../src/shared/errors.ts';
import type { ExperimentChange, ExperimentSnapshot } from '../../../../../src/shared/contract/experiments.ts';
import type { Evaluation } from '../../../../../src/shared/history.ts';
import {
  connectScreen,
  draftOf,
  scriptedLab,
  type ScriptedTrainer,
  type TestScreen,
} from '../../../../helpers/scriptedTrainer.ts';
import { evaluationEvent, startedEvent, stepEvent } from '../../../../helpers/syntheticStore.ts';

const nan = Number.NaN;

interface Seen {
  seq: number;
  readonly status: string;
  readonly runs: Map<string, string>;
  readonly loss: Map<string, [step: number, loss: number][]>;
  readonly evaluations: Map<string, readonly Evaluation[]>;
  readonly log: string[];
}

/** What a screen has after a snapshot and the changes that followed, by the rules of the contract. */
function follow(
  { seq, experiment, series, evaluations, log }: ExperimentSnapshot,
  changes: readonly ExperimentChange[],
): Seen {
  const seen: Seen = { seq, status: '', runs: new Map(), loss: new Map(), evaluations: new Map(), log: [] };
  const take = (change: Pick<ExperimentChange, 'status' | 'runs' | 'series' | 'evaluations' | 'log'>): void => {
    Object.assign(seen, { status: change.status });
    for (const { id, status } of change.runs) seen.runs.set(id, status);
    for (const { run, steps, columns } of change.series) {
      const kept = (seen.loss.get(run) ?? []).filter(([step]) => step < steps[0]!);
      seen.loss.set(run, [...kept, ...[...steps].map((step, row): [number, number] => [step, columns.loss![row]!])]);
    }
    for (const [run, added] of Object.entries(change.evaluations)) {
      const kept = (seen.evaluations.get(run) ?? []).filter(({ step }) => step < added[0]!.step);
      seen.evaluations.set(run, [...kept, ...added]);
    }
    seen.log.push(...change.log.map(({ run, seq: number, event }) => `${run} ${number} ${event.type}`));
  };
  take({ status: experiment.status, runs: experiment.runList, series, evaluations, log });
  for (const change of changes) {
    expect(change.seq, 'no gap').toBe(++seen.seq);
    take(change);
  }
  return seen;
}

function changesOf(screen: TestScreen): ExperimentChange[] {
  return screen.notifications.flatMap((notification) => (notification.type === 'changed' ? [notification.change] : []));
}

/** Waits until the first run has so many steps, and what a screen has followed is what a new screen is shown. */
async function agrees(
  screen: TestScreen,
  fresh: TestScreen,
  snapshot: ExperimentSnapshot,
  steps: number,
): Promise<Seen> {
  const id = snapshot.experiment.id;
  return vi.waitFor(async () => {
    const now = await fresh.call('experiments.watch', { id });
    const seen = follow(snapshot, changesOf(screen));
    const { seq: _, log, ...rest } = follow(now, []);
    expect(now.series[0]?.steps).toHaveLength(steps);
    expect(seen).toMatchObject(rest);
    // Checkpoints after the one that a run went back to are forgotten by the history, not by a screen.
    expect(seen.log).toEqual(expect.arrayContaining(log));
    return seen;
  });
}

function train(trainer: ScriptedTrainer, from: number, to: number): void {
  for (let step = from; step <= to; step++)
    trainer.tell(stepEvent(trainer.run, step, { loss: step === 3 ? nan : 2 / step }));
}

async function setUp(names: readonly string[] = ['a', 'b']) {
  const lab = scriptedLab();
  const { id } = await lab.screen.call('experiments.create', { draft: draftOf(names), start: true });
  return { ...lab, id, trainer: await lab.launcher.trainer(0) };
}

describe('watching an experiment', () => {
  it('gives everything so far, and what follows without a gap: together, what is stored', async () => {
    const { screen, service, launcher, id, trainer } = await setUp();
    const { run } = trainer;
    trainer.tell(startedEvent(run), evaluationEvent(run, 0, 0.4));
    train(trainer, 1, 5);
    await vi.waitFor(async () =>
      expect((await screen.call('experiments.details', { id })).runList[0]!.steps_done).toBe(5),
    );
    const snapshot = await screen.call('experiments.watch', { id });
    expect(snapshot.series[0]!.columns.loss).toEqual(Float64Array.of(2, 1, nan, 0.5, 0.4));
    train(trainer, 6, 20);
    trainer.tell(evaluationEvent(run, 20, 0.5), { type: 'checkpoint', run, step: 20, file: 'step-20' });
    trainer.end({ type: 'finished', run, step: 20, training_seconds: 1, encoder: '/x', peak_memory_bytes: 1e8 });
    (await launcher.trainer(1)).finish(7);
    await vi.waitFor(async () =>
      expect((await screen.call('experiments.details', { id })).runList[1]!.status).toBe('finished'),
    );
    const seen = await agrees(screen, connectScreen(service), snapshot, 20);
    expect([...seen.runs.values()]).toEqual(['finished', 'finished']);
    expect(seen.loss.get(run)).toHaveLength(20);
    expect(seen.evaluations.get(run)!.map(({ step }) => step)).toEqual([0, 20]);
    expect(seen.log.filter((entry) => entry.startsWith(run))).toEqual([
      `${run} 1 started`,
      `${run} 2 checkpoint`,
      `${run} 3 finished`,
    ]);
  });

  it('loses and doubles nothing when a run goes back to its checkpoint', async () => {
    const { screen, service, launcher, id, trainer } = await setUp(['a']);
    const { run } = trainer;
    const snapshot = await screen.call('experiments.watch', { id });
    trainer.tell(startedEvent(run), evaluationEvent(run, 0, 0.4));
    train(trainer, 1, 20);
    trainer.tell(evaluationEvent(run, 20, 0.5), { type: 'checkpoint', run, step: 20, file: 'step-20' });
    train(trainer, 21, 40);
    trainer.tell(evaluationEvent(run, 40, 0.6), { type: 'checkpoint', run, step: 40, file: 'step-40' });
    train(trainer, 41, 50);
    trainer.kill();
    const fresh = connectScreen(service);
    await agrees(screen, fresh, snapshot, 50);
    await screen.call('experiments.start', { id });
    const second = await launcher.trainer(1);
    // The checkpoint of step 40 turned out to be damaged.
    second.tell(startedEvent(run, { resumed_at: 20 }));
    const rewound = await agrees(screen, fresh, snapshot, 20);
    expect(rewound.loss.get(run)).toHaveLength(20);
    expect(rewound.evaluations.get(run)!.map(({ step }) => step)).toEqual([0, 20]);
    train(second, 21, 30);
    const seen = await agrees(screen, fresh, snapshot, 30);
    expect(seen.loss.get(run)!.map(([step]) => step)).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
    expect(new Set(seen.log).size).toBe(seen.log.length);
    second.kill();
  });

  it('brings at most ten changes a second', async () => {
    const { screen, id, trainer } = await setUp(['a']);
    await screen.call('experiments.watch', { id });
    trainer.tell(startedEvent(trainer.run));
    const began = performance.now();
    for (let step = 1; performance.now() - began < 600; step++) {
      trainer.tell(stepEvent(trainer.run, step));
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    const seconds = (performance.now() - began) / 1000;
    expect(changesOf(screen).length).toBeGreaterThan(2);
    expect(changesOf(screen).length).toBeLessThanOrEqual(10 * seconds + 2);
    trainer.kill();
  });

  it('is up to each screen', async () => {
    const { screen, service, id, trainer } = await setUp();
    const [watching, leaving, gone] = [connectScreen(service), connectScreen(service), connectScreen(service)];
    for (const each of [watching, leaving, gone]) await each.call('experiments.watch', { id });
    await leaving.call('experiments.unwatch', { id });
    gone.close();
    for (const each of [leaving, gone]) each.notifications.length = 0;
    trainer.tell(startedEvent(trainer.run), stepEvent(trainer.run, 1));
    await vi.waitFor(() => expect(changesOf(watching).some(({ series }) => series.length > 0)).toBe(true));
    expect([screen, leaving, gone].flatMap(changesOf)).toEqual([]);
    trainer.kill();
  });

  it('continues when the history could not be opened for a moment: nothing is missed', async () => {
    const { screen, service, id, trainer } = await setUp(['a']);
    const snapshot = await screen.call('experiments.watch', { id });
    // As BEGIN does while another program holds the database.
    const reading = vi.spyOn(Store.prototype, 'atOneMoment').mockImplementationOnce(() => {
      throw new LabError('storage', 'Another program has used losslab.db for more than 15 seconds.');
    });
    onTestFinished(() => reading.mockRestore());
    trainer.tell(startedEvent(trainer.run), stepEvent(trainer.run, 1), stepEvent(trainer.run, 2));
    await vi.waitFor(() => expect(reading).toHaveBeenCalled());
    expect(changesOf(screen)).toEqual([]);
    const seen = await vi.waitFor(
      () => {
        const followed = follow(snapshot, changesOf(screen));
        expect(followed.loss.get(trainer.run)).toHaveLength(2);
        return followed;
      },
      { timeout: 5000 },
    );
    train(trainer, 3, 4);
    expect((await agrees(screen, connectScreen(service), snapshot, 4)).seq).toBeGreaterThan(seen.seq);
    trainer.kill();
  });

  it('has screens ask for everything again when a change was read in part', async () => {
    const { screen, id, trainer } = await setUp(['a']);
    const snapshot = await screen.call('experiments.watch', { id });
    // Steps are read, and then the disk fails.
    const reading = vi.spyOn(Store.prototype, 'evaluations').mockImplementationOnce(() => {
      throw new LabError('storage', 'losslab.db cannot be read or written: disk I/O error.');
    });
    onTestFinished(() => reading.mockRestore());
    trainer.tell(startedEvent(trainer.run), stepEvent(trainer.run, 1));
    const [change] = await vi.waitFor(
      () => {
        const changes = changesOf(screen);
        expect(changes).not.toEqual([]);
        return changes;
      },
      { timeout: 5000 },
    );
    expect(change!.seq).toBe(snapshot.seq + 2);
    const again = await screen.call('experiments.watch', { id });
    expect(again.seq).toBe(change!.seq);
    expect(again.series[0]!.steps).toEqual(Float64Array.of(1));
    trainer.kill();
  });

  it('gives a second screen a snapshot that its own changes continue', async () => {
    const { screen: first, service, id, trainer } = await setUp(['a']);
    const early = await first.call('experiments.watch', { id });
    trainer.tell(startedEvent(trainer.run));
    train(trainer, 1, 10);
    await vi.waitFor(() => expect(changesOf(first).length).toBeGreaterThan(0));
    train(trainer, 11, 15);
    const second = connectScreen(service);
    const late = await second.call('experiments.watch', { id });
    train(trainer, 16, 30);
    const [one, two] = [
      await agrees(first, connectScreen(service), early, 30),
      await agrees(second, connectScreen(service), late, 30),
    ];
    expect(one.loss.get(trainer.run)).toHaveLength(30);
    expect(two.loss).toEqual(one.loss);
    trainer.kill();
  });
});

it('an experiment that another program trains can be watched, and not controlled', async () => {
  const { home, screen } = scriptedLab();
  const { id } = await screen.call('experiments.create', { draft: draftOf(['a']), start: false });
  const snapshot = await screen.call('experiments.watch', { id });
  const run = snapshot.experiment.runList[0]!.id;
  const other = spawn(
    process.execPath,
    [fileURLToPath(new URL('../../../../helpers/experimentWriter.ts', import.meta.url)), home.folder, run],
    { stdio: ['pipe', 'inherit', 'inherit'] },
  );
  onTestFinished(() => void other.kill('SIGKILL'));
  const seen = (): Seen => follow(snapshot, changesOf(screen));
  await vi.waitFor(() => expect(seen().status).toBe('running'), { timeout: 15_000 });
  expect((await screen.call('experiments.list', {}))[0]).toMatchObject({ status: 'running', foreign: true });
  for (const method of ['start', 'pause', 'cancel', 'delete'] as const)
    await expect(screen.call(`experiments.${method}`, { id })).rejects.toThrow('Another program is training');
  other.stdin.write('\n');
  await vi.waitFor(() => expect(seen().loss.get(run)).toEqual([[1, 1]]), { timeout: 5000 });
  other.kill('SIGKILL');
  await vi.waitFor(() => expect(seen().status).toBe('interrupted'), { timeout: 5000 });
});
