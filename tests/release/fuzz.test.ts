import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';
import { fuzzInputs } from '../../checks/fuzz/inputs.ts';
import { fuzz } from '../../checks/fuzz/fuzzAll.ts';
import { targets } from '../../checks/fuzz/targets.ts';
import { WatchedThread } from '../../checks/fuzz/watchedThread.ts';

/** `npm run faults -- fuzz` gives each of them 200,000 inputs; here are the first of these. */
const count = 200;
const seed = 1;

const thread = new WatchedThread();
afterAll(() => thread[Symbol.asyncDispose]());

describe('changed inputs are accepted for what they are, or refused in words', () => {
  test.each(Object.entries(targets))('%s', async (name, target) => {
    const seeds = target.seeds().length;
    const unchanged = await fuzz(thread, name, { seed, from: 0, count: seeds });
    // Servers refuse, too, and so does a lab that has nothing of what it is asked for.
    if (!/answer$|^lab-service$|^writer-lock$/.test(name)) expect(unchanged.accepted).toBe(seeds);
    const changed = await fuzz(thread, name, { seed, from: seeds, count: count - seeds });
    expect([...unchanged.failures, ...changed.failures]).toEqual([]);
    expect(changed.accepted + changed.refused).toBe(count - seeds);
    // Neither inputs that are all refused at the first byte, nor some that are never wrong, would tell anything.
    expect(unchanged.accepted + changed.accepted).toBeGreaterThan(0);
    expect(unchanged.refused + changed.refused).toBeGreaterThan(0);
  });
});

test('the same seed gives the same inputs, another one others', () => {
  const inputs = (seed: number): string[] =>
    Array.from({ length: 50 }, (_, index) =>
      fuzzInputs('safetensors', targets.safetensors!, seed)(index).toString('hex'),
    );
  expect(inputs(3)).toEqual(inputs(3));
  expect(inputs(4)).not.toEqual(inputs(3));
});

test('the command prints its seed and a table, and refuses names that it does not know', async () => {
  const run = (...args: string[]) => promisify(execFile)(process.execPath, ['checks/fuzz/run.ts', ...args]);
  const { stdout } = await run('tokens', '--count', '50', '--seed', '9');
  expect(stdout).toMatch(/Seed 9, 50 inputs for each of 1 targets/);
  expect(stdout).toMatch(/tokens +50 +\d+ +\d+ +0 +0 +0 /);
  await expect(run('nothing')).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringContaining('Unknown target "nothing"') as string,
  });
});
