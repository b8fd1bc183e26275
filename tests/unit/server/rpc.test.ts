import { expect, test, vi } from 'vitest';
import { LabError } from '../../../src/shared/errors.ts';
import type { JobView } from '../../../src/shared/contract/jobs.ts';
import type { Notification } from '../../../src/shared/contract/contract.ts';
import { largestRequestBytes } from '../../../src/server/rpc.ts';
import { openScreen, stubService, testServer, type TestScreen, type TestServer } from '../../helpers/serverClient.ts';

async function connected(server: TestServer): Promise<TestScreen> {
  const screen = await openScreen(server);
  if (typeof screen === 'number') throw new Error(`refused with status ${screen}`);
  return screen;
}

test('a call goes to the lab, and its answer comes back as it is', async () => {
  const service = stubService((method, input) =>
    Promise.resolve({ method, input, curve: Float64Array.of(1, NaN, Infinity) }),
  );
  const screen = await connected(await testServer({ service }));
  screen.call('lab.describe', { again: true });
  expect(await screen.next()).toEqual({
    id: 1,
    result: { method: 'lab.describe', input: { again: true }, curve: Float64Array.of(1, NaN, Infinity) },
  });
});

test('a call that fails is answered with what to do about it', async () => {
  const service = stubService((method) =>
    Promise.reject(method === 'a' ? new LabError('data', 'Bad file.', 'Mend it.') : new TypeError('x is undefined')),
  );
  const screen = await connected(await testServer({ service }));
  screen.call('a', {});
  expect(await screen.next()).toEqual({ id: 1, failure: { code: 'data', message: 'Bad file.', fix: 'Mend it.' } });
  screen.call('b', {});
  expect(await screen.next()).toMatchObject({ id: 2, failure: { code: 'internal', message: 'x is undefined' } });
});

test('calls are answered as they end, not in turn', async () => {
  const waits = new Map<string, (value: string) => void>();
  const service = stubService((method) => new Promise((resolve) => waits.set(method, resolve)));
  const screen = await connected(await testServer({ service }));
  screen.call('slow', {});
  screen.call('quick', {});
  await vi.waitFor(() => expect(waits.size).toBe(2));
  waits.get('quick')!('second');
  expect(await screen.next()).toEqual({ id: 2, result: 'second' });
  waits.get('slow')!('first');
  expect(await screen.next()).toEqual({ id: 1, result: 'first' });
});

test('every screen hears what happens, until it goes', async () => {
  const service = stubService();
  const server = await testServer({ service });
  const [one, two] = [await connected(server), await connected(server)];
  service.notify({ type: 'experiments' });
  expect(await one.next()).toEqual({ notification: { type: 'experiments' } });
  expect(await two.next()).toEqual({ notification: { type: 'experiments' } });
  one.socket.close();
  await one.closed;
  await vi.waitFor(() => expect(service.screens).toBe(1));
});

test.each([
  ['text', 'hello'],
  ['bytes that are no message', Buffer.of(0xc1)],
  ['a message of another kind', Buffer.from([0x93, 1, 2, 3])],
  // { id: 1, method: 'a', input: [[…[null]…]] }
  [
    'a call that is nested without end',
    Buffer.concat([
      Buffer.from('\x83\xa2id\x01\xa6method\xa1a\xa5input', 'latin1'),
      Buffer.alloc(200, 0x91),
      Buffer.of(0xc0),
    ]),
  ],
])('%s ends the connection', async (_, data) => {
  const screen = await connected(await testServer());
  screen.socket.send(data);
  expect(await screen.closed).toBe(1008);
});

test('a message that is too large ends the connection', async () => {
  const screen = await connected(await testServer());
  screen.socket.send(Buffer.alloc(largestRequestBytes + 1));
  expect(await screen.closed).toBe(1009);
});

const job: JobView = {
  key: 'map.make {}',
  method: 'map.make',
  input: {},
  title: 'The map',
  state: 'running',
  progress: { message: 'Laying out', done: 0, total: 1 },
  failure: null,
};

test('a screen that does not read is dropped before it fills the memory', async () => {
  const service = stubService();
  const screen = await connected(await testServer({ service }));
  screen.socket.pause();
  const megabyte = { type: 'jobs', jobs: [{ ...job, title: 'x'.repeat(2 ** 20) }] } satisfies Notification;
  const before = process.memoryUsage().rss;
  for (let sent = 0; sent < 500 && service.screens > 0; sent++) {
    service.notify(megabyte);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await vi.waitFor(() => expect(service.screens).toBe(0));
  expect(process.memoryUsage().rss - before).toBeLessThan(400e6);
});

test('closing says goodbye, and lets screens go that do not answer', async () => {
  const server = await testServer({ service: stubService() });
  const [polite, deaf] = [await connected(server), await connected(server)];
  deaf.socket.pause();
  await server.close();
  expect(await polite.closed).toBe(1001);
});

test('a port that is taken, or no address of this machine, is said in words', async () => {
  const { port } = await testServer();
  await expect(testServer({ port })).rejects.toMatchObject({
    code: 'usage',
    message: `LossLab cannot listen on port ${port} of 127.0.0.1: another program uses it.`,
  });
  await expect(testServer({ host: '192.0.2.1' })).rejects.toMatchObject({
    message: expect.stringContaining('no such address'),
  });
});
