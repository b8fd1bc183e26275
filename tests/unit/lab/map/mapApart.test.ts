import { EventEmitter } from 'node:events';
import { expect, test, vi } from 'vitest';
import type { MapJob, MessageFromMap } from '../../../../src/lab/map/job.ts';
import { makeMapApart } from '../../../../src/lab/map/mapApart.ts';
import type { LaunchedProcess, ProcessLauncher } from '../../../../src/lab/work/processes.ts';
import type { EmbeddingMap, MapProgress } from '../../../../src/shared/contract/map.ts';

const job = { runs: [] } as unknown as MapJob;
const map: EmbeddingMap = { dataset: 'd', testQuestions: 0, points: [], layouts: [] };

/** A process that does what a test says. */
function process() {
  const events = new EventEmitter();
  const kill = vi.fn();
  const launched: LaunchedProcess = {
    send: (message) => events.emit('sent', message),
    onMessage: (listener) => events.on('message', listener),
    onErrorOutput: (listener) => events.on('stderr', listener),
    onExit: (listener) => events.on('exit', listener),
    kill,
    pid: 1,
  };
  const launcher: ProcessLauncher = { launch: (entry) => (entry === 'map' ? launched : expect.unreachable()) };
  const say = (message: MessageFromMap): boolean => events.emit('message', message);
  return { launcher, events, kill, say };
}

test('a map is made in a process that gets the job, tells how far it is, and is ended then', async () => {
  const { launcher, events, kill, say } = process();
  const progress: MapProgress[] = [];
  events.on('sent', (sent) => {
    expect(sent).toBe(job);
    say({ type: 'progress', progress: { message: 'Encoding', done: 1, total: 2 } });
    say({ type: 'made', map });
  });
  expect(await makeMapApart(launcher, job, new AbortController().signal, (each) => progress.push(each))).toBe(map);
  expect(progress).toEqual([{ message: 'Encoding', done: 1, total: 2 }]);
  expect(kill).toHaveBeenCalledOnce();
});

test('who no longer waits ends the process at once', async () => {
  const { launcher, kill } = process();
  const controller = new AbortController();
  const making = makeMapApart(launcher, job, controller.signal, () => undefined);
  controller.abort(new Error('Cancelled.'));
  await expect(making).rejects.toThrow('Cancelled.');
  expect(kill).toHaveBeenCalledOnce();
  await expect(
    makeMapApart({ launch: () => expect.unreachable() }, job, controller.signal, () => undefined),
  ).rejects.toThrow('Cancelled.');
});

test('a refusal arrives as what it is, a defect as a defect', async () => {
  for (const [code, name] of [
    ['data', 'LabError'],
    ['internal', 'Error'],
  ] as const) {
    const { launcher, events, say } = process();
    events.on('sent', () => say({ type: 'failed', failure: { code, message: 'Too few texts.', fix: '' } }));
    await expect(makeMapApart(launcher, job, new AbortController().signal, () => undefined)).rejects.toMatchObject({
      name,
      message: 'Too few texts.',
    });
  }
});

test('a process that dies is told with its last words', async () => {
  const { launcher, events } = process();
  events.on('sent', () => {
    events.emit('stderr', 'out of memory\n');
    events.emit('exit', { code: 134, killed: false });
  });
  await expect(makeMapApart(launcher, job, new AbortController().signal, () => undefined)).rejects.toMatchObject({
    name: 'LabError',
    message: 'The process that makes the map has ended before it was made (exit code 134).\nout of memory',
  });
});
