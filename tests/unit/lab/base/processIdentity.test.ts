import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Home } from '../../../../src/lab/files/home.ts';
import { currentProcess, isAlive } from '../../../../src/lab/base/processIdentity.ts';
import { openStore } from '../../../../src/lab/store/runStore.ts';
import {
  createExperiment,
  createRun,
  stepEvent,
  temporaryHome,
  temporaryStore,
} from '../../../helpers/syntheticStore.ts';

const writer = path.resolve(import.meta.dirname, '../../../helpers/writer.ts');

interface Writer {
  readonly process: ChildProcess;
  /** The next line it prints. */
  readonly line: () => Promise<string>;
}

/** Another process that claims a run, records `steps` steps, says so, and stays until it is killed. */
function startWriter(home: Home, run: string, steps: number): Writer {
  const child = spawn(process.execPath, [writer, home.folder, run, String(steps)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return { process: child, line: async () => String((await lines.next()).value) };
}

async function kill({ process: child }: Writer): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}

describe('a process', () => {
  it('is recognised by more than its number', () => {
    const self = currentProcess();
    expect(isAlive(self)).toBe(true);
    expect(isAlive({ pid: self.pid, startToken: '' })).toBe(true);
    expect(isAlive({ pid: 2 ** 22 + 1, startToken: '' })).toBe(false);
  });

  it.skipIf(process.platform === 'win32')('is not the one that had its number before', () => {
    expect(isAlive({ pid: process.pid, startToken: 'an earlier start' })).toBe(false);
  });
});

describe('a run that another process writes', () => {
  it('is interrupted once that process was killed, with all that it had recorded', async () => {
    const home = temporaryHome();
    const store = temporaryStore(home);
    const { id } = createRun(store);
    const other = startWriter(home, id, 5);
    expect(await other.line()).toBe('recorded');

    openStore(home).close();
    expect(store.getRun(id).state).toBe('running');

    await kill(other);
    openStore(home).close();
    expect(store.getRun(id)).toMatchObject({ state: 'interrupted', steps_done: 5 });
    expect(store.claim(id).state).toBe('running');
  });

  it('can be read, but not written, nor can others of its experiment', async () => {
    const home = temporaryHome();
    const store = temporaryStore(home);
    const experiment = createExperiment(store);
    const [taken, sibling, stranger] = [
      createRun(store, {}, experiment),
      createRun(store, {}, experiment),
      createRun(store),
    ];
    const other = startWriter(home, taken.id, 3);
    await other.line();

    const { pid } = other.process;
    expect(store.stepMetrics(taken.id, 'loss')).toHaveLength(3);
    expect(() => store.claim(taken.id)).toThrow(
      `Run ${taken.id} cannot be written now: process ${pid} is training it.`,
    );
    expect(() => store.claim(sibling.id)).toThrow(`process ${pid} is training run ${taken.id} of the same experiment`);
    expect(() => store.record(taken.id, stepEvent(taken.id, 1))).toThrow(
      'it is running, and this program does not train it',
    );
    expect(() => store.setState(taken.id, 'stopped')).toThrow('cannot be written');
    expect(store.claim(stranger.id).state).toBe('running');
  });

  it('does not disturb what this one writes at the same time', async () => {
    const home = temporaryHome();
    const store = temporaryStore(home);
    const [ours, theirs] = [createRun(store), createRun(store)];
    const other = startWriter(home, theirs.id, 300);
    store.claim(ours.id);
    for (let step = 1; step <= 300; step++) store.record(ours.id, stepEvent(ours.id, step));
    expect(await other.line()).toBe('recorded');
    for (const { id } of [ours, theirs]) expect(store.stepMetrics(id, 'loss')).toHaveLength(300);
  });
});

it('processes that open a new history together all find it', async () => {
  const home = temporaryHome();
  const script = `
    const { openStore } = await import(${JSON.stringify(path.resolve(import.meta.dirname, '../../../../src/lab/store/runStore.ts'))});
    const { openHome } = await import(${JSON.stringify(path.resolve(import.meta.dirname, '../../../../src/lab/files/home.ts'))});
    openStore(openHome(${JSON.stringify(home.folder)})).close();`;
  const children = Array.from({ length: 4 }, () =>
    spawn(process.execPath, ['--input-type=module', '--eval', script], { stdio: 'inherit' }),
  );
  const codes = await Promise.all(children.map(async (child) => (await once(child, 'exit'))[0] as number));
  expect(codes).toEqual([0, 0, 0, 0]);
});
