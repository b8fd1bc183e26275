import { expect, onTestFinished, test } from 'vitest';
import type { Failure, FuzzTask } from '../../../checks/fuzz/fuzzThread.ts';
import { WatchedThread, type Ending } from '../../../checks/fuzz/watchedThread.ts';

function doomed() {
  const thread = new WatchedThread(new URL('../../helpers/doomedThread.ts', import.meta.url));
  onTestFinished(() => thread[Symbol.asyncDispose]());
  const recorded: Failure[] = [];
  const go = (name: string): Promise<Ending | null> => {
    const task: FuzzTask = {
      name,
      seed: 1,
      from: 0,
      to: 10,
      folder: '',
      progress: new Int32Array(new SharedArrayBuffer(12)),
    };
    return thread.go(task, (failure) => recorded.push(failure));
  };
  return { go, recorded };
}

test('a thread goes through one task after the other, and tells what fails', async () => {
  const { go, recorded } = doomed();
  expect([await go('through'), await go('failure'), await go('through')]).toEqual([null, null, null]);
  expect(recorded).toEqual([{ index: 3, kind: 'crash', message: 'a failure' }]);
});

test.each([
  ['throw', 'crash', /not one of ours/],
  ['reject', 'crash', /unheard/],
  ['exit', 'crash', /the thread ended/],
  ['memory', 'crash', /memory/],
  ['loop', 'hang', /longer than 5 s/],
])(
  'an input that ends the thread by %s is a %s, and the next one has another thread',
  async (name, kind, message) => {
    const { go } = doomed();
    expect(await go(name)).toMatchObject({ kind, message: expect.stringMatching(message) as string });
    expect(await go('through')).toBeNull();
  },
  60_000,
);
