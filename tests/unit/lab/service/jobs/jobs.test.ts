import { expect, onTestFinished, test, vi } from 'vitest';
import { Jobs } from '../../../../../src/lab/service/jobs/jobs.ts';
import type { JobHost, JobRequest } from '../../../../../src/lab/service/jobs/request.ts';
import type { Notification } from '../../../../../src/shared/contract/contract.ts';
import type { JobView } from '../../../../../src/shared/contract/jobs.ts';
import type { EmbeddingMap } from '../../../../../src/shared/contract/map.ts';
import { labError } from '../../../../helpers/dataFiles.ts';
import { screen, silentConnection } from '../../../../helpers/serviceContext.ts';

const map: EmbeddingMap = { dataset: 'd', testQuestions: 0, points: [], layouts: [] };

/** Jobs whose work is in the test's hands: the nth that has begun. */
function lab() {
  const notifications: Notification[] = [];
  const jobs = new Jobs((notification) => notifications.push(notification));
  const begun: { readonly host: JobHost; readonly end: PromiseWithResolvers<EmbeddingMap> }[] = [];
  const request = (run: string, alone = false): JobRequest<'map.make'> => ({
    method: 'map.make',
    input: { runs: [run] },
    title: `The map of ${run}`,
    alone,
    work(host) {
      const end = Promise.withResolvers<EmbeddingMap>();
      host.signal.addEventListener('abort', () => end.reject(host.signal.reason as Error));
      begun.push({ host, end });
      return end.promise;
    },
  });
  const list = async () => jobs.methods['jobs.list']({}, silentConnection);
  const cancel = async (key: string) => jobs.methods['jobs.cancel']({ key }, silentConnection);
  onTestFinished(() => jobs.close());
  return { jobs, begun, request, list, cancel, notifications };
}

test('screens that ask the same wait for one job; what each is told of its end is taken back', async () => {
  const { jobs, begun, request, list } = lab();
  const [first, second] = [screen(), screen()];
  const answers = [jobs.run(request('a'), first), jobs.run(request('a'), second), jobs.run(request('b'), first)];
  expect(begun).toHaveLength(2);
  expect(first.listeners).toBe(2);
  begun[0]!.end.resolve(map);
  begun[1]!.end.reject(new Error('No memory.'));
  expect(await Promise.all(answers.slice(0, 2))).toEqual([map, map]);
  await expect(answers[2]).rejects.toThrow('No memory.');
  expect([first.listeners, second.listeners]).toEqual([0, 0]);
  expect(await list()).toEqual([]);
  void jobs.run(request('a'), first).catch(() => undefined);
  expect(begun).toHaveLength(3);
});

test('a job goes on without a screen, and what it came to is there for the next, once', async () => {
  const { jobs, begun, request, list } = lab();
  const leaving = screen();
  void jobs.run(request('a'), leaving).catch(() => undefined);
  leaving.close();
  expect(await list()).toMatchObject([{ title: 'The map of a', state: 'running' }]);
  begun[0]!.end.resolve(map);
  await vi.waitFor(async () => expect(await list()).toMatchObject([{ state: 'done', failure: null }]));
  expect(await jobs.run(request('a'), screen())).toBe(map);
  expect(await list()).toEqual([]);
  expect(begun).toHaveLength(1);
});

test('one that failed without a screen says why, until it is asked for again or put away', async () => {
  const { jobs, begun, request, list, cancel } = lab();
  for (const [place, run] of ['a', 'b'].entries()) {
    const leaving = screen();
    void jobs.run(request(run), leaving).catch(() => undefined);
    leaving.close();
    begun[place]!.end.reject(new Error('No memory.'));
  }
  await vi.waitFor(async () =>
    expect((await list()).map(({ failure }) => failure?.message)).toEqual(['No memory.', 'No memory.']),
  );
  await expect(jobs.run(request('a'), screen())).rejects.toThrow('No memory.');
  await cancel((await list())[0]!.key);
  expect(await list()).toEqual([]);
});

test('cancelled: its calls fail in words, and the next call begins anew, even before the work has ended', async () => {
  const { jobs, begun, request, list, cancel } = lab();
  const waiting = jobs.run(request('a'), screen());
  const [{ key }] = (await list()) as readonly [JobView];
  await cancel(key);
  expect(begun[0]!.host.signal.aborted).toBe(true);
  const again = jobs.run(request('a'), screen());
  expect((await labError(waiting, 'usage')).message).toBe('The map of a was cancelled.');
  expect(await list()).toHaveLength(1);
  begun[1]!.end.resolve(map);
  expect(await again).toBe(map);
  await cancel('nothing of this name');
});

test('one that needs the machine for itself ends the others of its method', async () => {
  const { jobs, begun, request } = lab();
  const first = jobs.run(request('a', true), screen());
  const second = jobs.run(request('b', true), screen());
  expect((await labError(first, 'usage')).message).toContain('another one was asked for');
  begun[1]!.end.resolve(map);
  expect(await second).toBe(map);
});

test('progress reaches every screen, ten times a second at most, and the end of a job does, too', async () => {
  const { jobs, begun, request, notifications } = lab();
  const waiting = jobs.run(request('a'), screen());
  const started = performance.now();
  for (let done = 0; performance.now() - started < 500; done++) {
    begun[0]!.host.report({ message: 'Laying out', done, total: 1e6 });
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  begun[0]!.end.resolve(map);
  await waiting;
  await vi.waitFor(() => expect(notifications.at(-1)).toEqual({ type: 'jobs', jobs: [] }));
  expect(notifications.length).toBeLessThan(10);
  expect(notifications[2]).toMatchObject({ jobs: [{ progress: { message: 'Laying out', total: 1e6 } }] });
});

test('closing the lab ends all jobs, and waits for their end', async () => {
  const { jobs, begun, request } = lab();
  const waiting = jobs.run(request('a'), screen());
  void jobs.close();
  expect(begun[0]!.host.signal.aborted).toBe(true);
  expect((await labError(waiting, 'usage')).message).toBe('The lab is closing.');
});
