import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { fuzzInputs } from '../../scripts/fuzz/inputs.ts';
import { fuzz } from '../../scripts/fuzz/run.ts';
import type { FuzzTarget } from '../../scripts/fuzz/target.ts';
import { targets, type TargetName } from '../../scripts/fuzz/targets.ts';

/** `npm run fuzz` gives each of them 100,000 inputs; here are the first of these. */
const count = 200;
const names = Object.keys(targets) as TargetName[];

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'losslab-failures-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

describe('changed inputs are accepted for what they are, or refused in words', () => {
  test.each(names)('%s', async (name) => {
    const { accepted, refused, failures } = await fuzz(name, { seed: 1, count, failureFolder: temporaryFolder() });
    expect(failures).toEqual([]);
    expect(accepted + refused).toBe(count);
    // Neither inputs that are all refused at the first byte, nor some that are never wrong, would tell anything.
    expect(accepted).toBeGreaterThan(0);
    expect(refused).toBeGreaterThan(0);
  });

  test.each(names)('%s accepts what its inputs are made from', async (name) => {
    const target: FuzzTarget = targets[name];
    for (const seed of target.seeds()) {
      const outcome = await Promise.resolve(target.parse(seed, temporaryFolder())).catch((error: unknown) => error);
      if (name !== 'server-answer') expect(outcome).toBe('accepted');
      else expect(outcome).toMatch(/accepted|refused/); // servers refuse, too
    }
  });
});

test('the same seed gives the same inputs, another one others', () => {
  const inputs = (seed: number): string[] => Array.from({ length: 50 }, (_, index) => fuzzInputs('safetensors', targets.safetensors, seed)(index).toString('hex'));
  expect(inputs(3)).toEqual(inputs(3));
  expect(inputs(4)).not.toEqual(inputs(3));
});

test('the command prints its seed and a table, and refuses names that it does not know', async () => {
  const run = (...args: string[]) => promisify(execFile)(process.execPath, ['scripts/fuzz.ts', ...args]);
  const { stdout } = await run('tokens', '--count', '50', '--seed', '9');
  expect(stdout).toMatch(/Seed 9, 50 inputs for each of 1 targets/);
  expect(stdout).toMatch(/tokens +50 +\d+ +\d+ +0 +0 +0 /);
  await expect(run('nothing')).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining('There is no target "nothing"') as string });
});
