import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import type { App, utilityProcess } from 'electron';
import { expect, test, vi } from 'vitest';
import { electronLauncher } from '../../../src/main/launcher.ts';

function fakeElectron() {
  const app = new EventEmitter();
  const child = Object.assign(new EventEmitter(), {
    postMessage: vi.fn(),
    kill: vi.fn(),
    stderr: new PassThrough(),
    pid: 17,
  });
  const fork = vi.fn(
    (_file: string, _arguments: string[], _options: { serviceName: string; env: NodeJS.ProcessEnv }) => child,
  );
  const launcher = electronLauncher({ fork } as unknown as typeof utilityProcess, app as unknown as App);
  return { app, child, fork, launcher };
}

test('starts the entry that is asked for, with its environment', () => {
  const { fork, launcher } = fakeElectron();
  const { pid } = launcher.launch('trainer', { environment: { EXTRA: 'yes' } });
  expect(pid).toBe(17);
  expect(fork.mock.calls[0]![0]).toMatch(/[/\\]work[/\\]workerEntry\.ts$/);
  expect(fork.mock.calls[0]![1]).toEqual(['trainer']);
  expect(fork.mock.calls[0]![2].env).toMatchObject({ EXTRA: 'yes', PATH: process.env.PATH });
});

test('messages go both ways; what it writes to stderr is heard', async () => {
  const { child, launcher } = fakeElectron();
  const launched = launcher.launch('trainer');
  const [messages, errors] = [vi.fn(), vi.fn()];
  launched.onMessage(messages);
  launched.onErrorOutput(errors);
  launched.send({ type: 'stop' });
  child.emit('message', { loss: NaN });
  child.stderr.write('out of memory');
  expect(child.postMessage).toHaveBeenCalledWith({ type: 'stop' });
  expect(messages).toHaveBeenCalledWith({ loss: NaN });
  await vi.waitFor(() => expect(errors).toHaveBeenCalledWith('out of memory'));
});

test.each([
  ['by itself', 0, undefined, false],
  ['with an error', 1, 'abnormal-exit', false],
  ['by a signal', 9, 'killed', true],
  ['by a crash', 11, 'crashed', true],
  ['for want of memory', 9, 'oom', true],
])('a process that ends %s', async (_, code, reason, killed) => {
  const { app, child, fork, launcher } = fakeElectron();
  const exit = vi.fn();
  launcher.launch('trainer').onExit(exit);
  child.emit('exit', code);
  const name = fork.mock.calls[0]![2].serviceName;
  if (reason !== undefined) app.emit('child-process-gone', {}, { name, reason });
  await vi.waitFor(() => expect(exit).toHaveBeenCalledWith({ code, killed }));
});

test('the fate of one process is not that of another', async () => {
  const { app, child, launcher } = fakeElectron();
  const exit = vi.fn();
  launcher.launch('selfTest').onExit(exit);
  app.emit('child-process-gone', {}, { name: 'GPU', reason: 'crashed' });
  child.emit('exit', 0);
  await vi.waitFor(() => expect(exit).toHaveBeenCalledWith({ code: 0, killed: false }));
});

test('killing is reported as such', async () => {
  const { child, launcher } = fakeElectron();
  const launched = launcher.launch('trainer');
  const exit = vi.fn();
  launched.onExit(exit);
  launched.kill();
  child.emit('exit', 15);
  await vi.waitFor(() => expect(exit).toHaveBeenCalledWith({ code: 15, killed: true }));
});
