import { execFile } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test, vi } from 'vitest';
import type { Figure } from '../../checks/bench/figures.ts';
import { parts } from '../../checks/bench/parts.ts';
import { missingAdapter, softwareAdapter } from '../helpers/softwareAdapter.ts';

/** `npm run bench --short`: every part that has a short form gives figures that can be true. How good they are is no test's affair. */

// Whole processes, several per part: a busy machine takes its time.
vi.setConfig({ testTimeout: 300_000 });

const run = fileURLToPath(new URL('../../checks/bench/run.ts', import.meta.url));
const results = fileURLToPath(new URL('../../checks/bench/results/cpu.json', import.meta.url));

const figuresOf = (part: string): Promise<readonly Figure[]> => parts[part]!.run({ scale: 'short', device: 'cpu' });
const found = (figures: readonly Figure[], what: RegExp): string => {
  const figure = figures.find((each) => what.test(each.what));
  expect(figure, `${what} among ${figures.map((each) => each.what).join('; ')}`).toBeDefined();
  return figure!.found;
};
/** The numbers in what was found are numbers, and above 0 where they say how long or how much. */
function expectSane(figures: readonly Figure[]): void {
  expect(figures.length).toBeGreaterThan(0);
  for (const { what, found: text, goal, reached } of figures) {
    expect(text, what).not.toMatch(/NaN|Infinity|undefined|null/);
    expect(reached === null, what).toBe(goal === '');
  }
}

/** Where there is no peer, that is said, and no ratio is. */
function expectPeerOrReason(figures: readonly Figure[], ratio: RegExp): void {
  const peer = found(figures, /in PyTorch$/);
  if (/no python3|reference BLAS/.test(peer)) return expect(figures.some(({ what }) => ratio.test(what))).toBe(false);
  expect(peer).toMatch(/PyTorch \d.* GFLOPS/);
  expect(Number(found(figures, ratio))).toBeGreaterThan(0);
}

describe('the short form', () => {
  test('a step, an evaluation and a whole experiment, beside PyTorch where it is', async () => {
    for (const [part, ratio] of [
      ['step', /^step time, LossLab \/ PyTorch/],
      ['evaluation', /^evaluation, the original's way/],
      ['experiment', /^experiment, the original's way/],
    ] as const) {
      const figures = await figuresOf(part);
      expectSane(figures);
      expectPeerOrReason(figures, ratio);
    }
  });

  test('losses: arithmetic is counted, and shares of time are shares', async () => {
    const figures = await figuresOf('losses');
    expectSane(figures);
    const share = Number(/^(\d+)%$/.exec(found(figures, /^of its time in matrix products/))![1]);
    expect(share).toBeGreaterThan(0);
    expect(share).toBeLessThan(100);
  });

  test('what is not needed: transformers compute no padding, and each text once', async () => {
    const figures = await figuresOf('padding');
    expectSane(figures);
    expect(figures.filter(({ what }) => what.includes('padding of what')).map((each) => each.found)).toEqual(
      Array(5).fill('0%'),
    );
    expect(found(figures, /^from process to first step/)).toMatch(/first step done \d/);
    expect(found(figures, /^the same, next run/)).not.toMatch(/Tokenising/);
  });

  test('growth: arithmetic is linear in questions', async () => {
    const figures = await figuresOf('scaling');
    expectSane(figures);
    expect(Number(/^size\^([\d.]+)/.exec(found(figures, /^questions of a batch.*operations/))![1])).toBeCloseTo(1, 1);
  });
});

test('the command prints a table; the short form keeps nothing', async () => {
  const before = existsSync(results) ? statSync(results).mtimeMs : null;
  const { stdout } = await promisify(execFile)(process.execPath, [run, '--short', 'import']);
  expect(stdout).toMatch(/import of 500 questions/);
  expect(existsSync(results) ? statSync(results).mtimeMs : null).toBe(before);
  await expect(promisify(execFile)(process.execPath, [run, 'nothing'])).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringContaining('Unknown part "nothing".') as string,
  });
  await expect(promisify(execFile)(process.execPath, [run, '--fast'])).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^Unknown option '--fast'\.\nUsage: npm run bench/) as string,
  });
});

test.skipIf(missingAdapter !== null)('a step on a GPU, here a software adapter', async () => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [run, '--short', '--device', 'webgpu', 'step', 'transfer'],
    { env: { ...process.env, ...softwareAdapter } },
  );
  expect(stdout).toMatch(/DistilBERT step, 4 pairs × 16 tokens +\d/);
  expect(stdout).toMatch(/PyTorch is measured on the CPU only/);
  expect(stdout).toMatch(/training state of 1 MB to the GPU.* GB\/s/);
});
