import { expect, test } from 'vitest';
import { coalesced } from '../../../../src/renderer/lib/coalesced.ts';

/** An action that ends when told to. */
function controlled(): { action: () => Promise<void>; runs: PromiseWithResolvers<void>[] } {
  const runs: PromiseWithResolvers<void>[] = [];
  const action = (): Promise<void> => {
    const run = Promise.withResolvers<void>();
    runs.push(run);
    return run.promise;
  };
  return { action, runs };
}

test('calls during a run become one more, which serves them all', async () => {
  const { action, runs } = controlled();
  const call = coalesced(action);
  const first = call();
  const others = [call(), call(), call()];
  expect(runs).toHaveLength(1);
  runs[0]!.resolve();
  await first;
  await Promise.resolve();
  expect(runs).toHaveLength(2);
  runs[1]!.resolve();
  await Promise.all(others);
  void call();
  expect(runs).toHaveLength(3);
});

test('a run that fails is followed by the next', async () => {
  const { action, runs } = controlled();
  const call = coalesced(action);
  const first = call();
  const second = call();
  runs[0]!.reject(new Error('lost'));
  await expect(first).rejects.toThrow('lost');
  await Promise.resolve();
  runs[1]!.resolve();
  await second;
});
