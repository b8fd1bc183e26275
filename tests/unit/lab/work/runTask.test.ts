import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { WorkerLost } from '../../../../src/lab/work/ending.ts';
import { nodeLauncher } from '../../../../src/lab/work/nodeProcesses.ts';
import type { Talk, Task } from '../../../../src/lab/work/task.ts';
import { runTask, TaskWorker } from '../../../../src/lab/work/taskWorker.ts';
import { threads } from '../../../../src/lab/work/threads.ts';
import type { LaunchedWorker, WorkerLauncher } from '../../../../src/lab/work/workers.ts';
import type { Progress } from '../../../../src/shared/progress.ts';
import { labError } from '../../../helpers/dataFiles.ts';
import { exampleTask } from './tasks/exampleTask.ts';
import { keepingTask } from './tasks/keepingTask.ts';
import { limitedTask } from './tasks/limitedTask.ts';
import { talkingTask } from './tasks/talkingTask.ts';

/** A launcher that remembers its workers, and which of them are gone. */
function watched(launcher: WorkerLauncher): WorkerLauncher & { workers: LaunchedWorker[]; gone: Promise<unknown>[] } {
  const own = {
    workers: [] as LaunchedWorker[],
    gone: [] as Promise<unknown>[],
    launch(...given: Parameters<WorkerLauncher['launch']>) {
      const worker = launcher.launch(...given);
      own.workers.push(worker);
      own.gone.push(new Promise((resolve) => worker.onExit(resolve)));
      return worker;
    },
  };
  return own;
}

function workerOf<Job, Result, T extends Talk>(
  launcher: WorkerLauncher,
  task: Task<Job, Result, T>,
  setup: T['setup'],
): TaskWorker<Job, Result, T> {
  const worker = new TaskWorker(launcher, task, { setup });
  onTestFinished(() => worker.end());
  return worker;
}

describe.each([
  ['a process', nodeLauncher()],
  ['a thread', threads],
])('in %s', { timeout: 30_000 }, (form, launcher) => {
  test('a result comes back as it is: NaN, infinities and typed arrays among it; the worker is gone then', async () => {
    const processes = watched(launcher);
    const value = { nan: NaN, infinite: -Infinity, floats: Float32Array.of(1.5, NaN), map: new Map([[1, null]]) };
    expect(await runTask(processes, exampleTask, { do: 'echo', value })).toEqual(value);
    await Promise.all(processes.gone);
  });

  test('progress: each message, the end, and little between', async () => {
    const seen: Progress[] = [];
    await runTask(launcher, exampleTask, { do: 'count', value: 20_000 }, { onProgress: (each) => seen.push(each) });
    expect(seen[0]).toEqual({ message: 'Counting', done: 1, total: 20_000 });
    expect(seen.slice(-2)).toEqual([
      { message: 'Counting', done: 20_000, total: 20_000 },
      { message: 'Counted', done: 0, total: 1 },
    ]);
    expect(seen.length).toBeLessThan(100);
  });

  test('a refusal arrives as it was, with its fix', async () => {
    const error = await labError(runTask(launcher, exampleTask, { do: 'refuse' }), 'data');
    expect(error).toMatchObject({ message: 'The file has no questions.', fix: 'Use another file.' });
  });

  test('an error of a file arrives in words', async () => {
    const error = await labError(runTask(launcher, exampleTask, { do: 'fileError' }), 'storage');
    expect(error.message).toBe('/x cannot be used (open): no permission.');
    expect(error.fix).toContain('Change its permissions');
  });

  test.each(['defect', 'uncloneable'] as const)('%s: an error of the program, with its stack', async (deed) => {
    const error = await runTask(launcher, exampleTask, { do: deed }).catch((thrown: unknown) => thrown as Error);
    expect(error).not.toHaveProperty('code');
    expect((error as Error).message).toMatch(deed === 'defect' ? /^x is not a function$/ : /could not be cloned/);
    expect((error as Error).stack).toContain(deed === 'defect' ? 'exampleTask.ts' : 'serve.ts');
  });

  test('a job that cannot be sent ends in words, not in silence', async () => {
    await expect(runTask(launcher, exampleTask, { do: 'echo', value: () => 0 })).rejects.toThrow(/could not be cloned/);
  });

  test('cancelled: rejects at once with the reason, however busy the worker is, and the worker is gone', async () => {
    const processes = watched(launcher);
    const controller = new AbortController();
    const running = runTask(processes, exampleTask, { do: 'loop' }, { signal: controller.signal });
    setTimeout(() => controller.abort(new Error('Never mind.')), 300);
    await expect(running).rejects.toThrow('Never mind.');
    await Promise.all(processes.gone);
    const never = runTask({ launch: () => expect.unreachable() }, exampleTask, { do: 'loop' }, controller);
    await expect(never).rejects.toThrow('Never mind.');
  });

  test('a worker that ends with a code of its own: a defect, with what it wrote to stderr', async () => {
    const complaining = { do: 'complain', value: 'no such table' } as const;
    await expect(runTask(launcher, exampleTask, { do: 'exit', value: 3 })).rejects.toThrow(
      'The example ended with exit code 3 before it had a result.',
    );
    const worker = workerOf(launcher, exampleTask, undefined);
    const complained = worker.run(complaining);
    const heard: string[] = [];
    const listening = new TaskWorker(launcher, exampleTask, {
      setup: undefined,
      onErrorOutput: (text) => heard.push(text),
    });
    listening.run(complaining).catch(() => undefined);
    await vi.waitFor(() => expect(heard.join('')).toContain('no such table'), 10_000);
    listening.end();
    worker.end(new Error('Enough.'));
    await expect(complained).rejects.toThrow('Enough.');
  });

  test('too long: ended, in words', async () => {
    const error = await labError(runTask(launcher, limitedTask, { do: 'loop' }), 'device');
    expect(error).toBeInstanceOf(WorkerLost);
    expect(error).toMatchObject({
      message: 'The example took longer than 3 s and was ended.',
      fix: 'Try a smaller example.',
    });
  });

  test('too much memory: ended, in words', async () => {
    const deed = form === 'a thread' ? 'grow' : 'growOutside';
    const error = await labError(runTask(launcher, limitedTask, { do: deed }), 'device');
    expect(error.message).toMatch(
      form === 'a thread'
        ? /^The example was killed, or crashed: the memory/
        : /^The example used \S+ [MG]iB of memory/,
    );
    expect(error.fix).toBe('Try a smaller example.');
  });

  test('events come in order and all of them; a job waits until they are taken in; orders come in order, early ones too', async () => {
    const worker = workerOf(launcher, talkingTask, undefined);
    const events: number[] = [];
    let confirmed: number | null = null;
    const talk = worker.start(
      { count: 5000 },
      { onEvent: (event) => events.push(event), onConfirm: () => (confirmed = events.length) },
    );
    // Before the worker has loaded the task.
    talk.order('go');
    talk.order('go');
    talk.order('stop');
    expect(await talk.result).toEqual(['go', 'go', 'stop']);
    expect(confirmed).toBe(5000);
    expect(events).toEqual(Array.from({ length: 5002 }, (_, i) => i + 1));
  });

  test('an owner that cannot take in an event ends the worker', async () => {
    const processes = watched(launcher);
    const worker = workerOf(processes, talkingTask, undefined);
    const talking = worker.run(
      { count: 1 },
      {
        onEvent: () => {
          throw new Error('The disk is full.');
        },
      },
    );
    await expect(talking).rejects.toThrow('The disk is full.');
    await worker.gone;
    expect(worker.isOver).toBe(true);
  });

  test('a service keeps something between its jobs; one of them is cancelled, the others go on', async () => {
    const worker = workerOf(launcher, keepingTask, { first: 10 });
    const controller = new AbortController();
    const waiting = worker.run(0, { signal: controller.signal });
    expect(await Promise.all([worker.run(1), worker.run(2)])).toEqual([11, 13]);
    controller.abort(new Error('Never mind.'));
    await expect(waiting).rejects.toThrow('Never mind.');
    expect(await worker.run(4)).toBe(1017);
    expect(worker.isIdle).toBe(true);
  });

  test('a service that cannot be opened says why to each job', async () => {
    const worker = workerOf(launcher, keepingTask, { first: -1 });
    for (const job of [1, 2])
      expect((await labError(worker.run(job), 'data')).message).toBe('A sum begins at 0 or more.');
  });

  test('a worker that was ended rejects what it was doing, and what comes later', async () => {
    const worker = workerOf(launcher, keepingTask, { first: 0 });
    const waiting = worker.run(0);
    worker.end(new Error('The lab is closing.'));
    await expect(waiting).rejects.toThrow('The lab is closing.');
    await expect(worker.run(1)).rejects.toThrow('The lab is closing.');
    await worker.gone;
  });
});

describe('processes', { timeout: 30_000 }, () => {
  test('one that is killed: its last words, and a fix', async () => {
    const processes = watched(nodeLauncher());
    const running = runTask(processes, exampleTask, { do: 'complain', value: 'FATAL ERROR: out of memory\n' });
    await new Promise((resolve) => setTimeout(resolve, 1000));
    process.kill(processes.workers[0]!.pid!, 'SIGSEGV');
    const error = await labError(running, 'device');
    expect(error).toMatchObject({
      message:
        'The example was killed, or crashed: the memory of the machine or its GPU may have run out, or a driver failed.\nFATAL ERROR: out of memory',
      fix: 'Try another example.',
    });
  });

  test('one that cannot be started says so', async () => {
    const nowhere = nodeLauncher(new URL('nowhere.ts', import.meta.url));
    await expect(runTask(nowhere, exampleTask, { do: 'wait' })).rejects.toThrow(
      /^The example ended with exit code 1 before it had a result\.\n[^]*nowhere\.ts/,
    );
  });

  test('tells its memory once a second', async () => {
    const worker = workerOf(nodeLauncher(), exampleTask, undefined);
    const told = Promise.withResolvers<number>();
    worker.run({ do: 'wait' }, { onMemory: told.resolve }).catch(() => undefined);
    expect(await told.promise).toBeGreaterThan(20e6);
  });

  test('ends when its owner is killed', async () => {
    const owner = fork(fileURLToPath(new URL('tasks/owner.ts', import.meta.url)));
    const [pid] = (await once(owner, 'message')) as [number];
    expect(isRunning(pid)).toBe(true);
    // Not before it listens.
    await new Promise((resolve) => setTimeout(resolve, 1000));
    owner.kill('SIGKILL');
    await vi.waitFor(() => expect(isRunning(pid)).toBe(false), 10_000);
  });
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
