import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { TestCounts } from '../../../scripts/ci-reporter.ts';
import { summarise, type Stage } from '../../../scripts/ci-summary.ts';

const root = join(import.meta.dirname, '../../..');
/** The stage "tests" has counts, the others have none. */
const stages = (codes: Record<string, number>, tests: TestCounts | null): Stage[] =>
  Object.entries(codes).map(([name, exitCode]) => ({ name, exitCode, ...(name === 'tests' && { tests }) }));
const counts = (passed: number, failed = 0, skipped: TestCounts['skipped'] = []): TestCounts => ({
  passed,
  failed,
  skipped,
});

test('tests are counted one by one, every other stage as one', () => {
  const { lines, ok } = summarise(stages({ lint: 0, typecheck: 0, tests: 0, demo: 0 }, counts(120)));
  expect(lines).toEqual(['123 passed, 0 failed']);
  expect(ok).toBe(true);
});

test('a failed stage is named and counted', () => {
  const { lines, ok } = summarise(stages({ lint: 1, typecheck: 0, tests: 1, demo: 124 }, counts(10, 2)));
  expect(lines).toEqual([
    'failed: lint, exit code 1',
    'failed: tests, exit code 1',
    'failed: demo, exit code 124',
    '11 passed, 4 failed',
  ]);
  expect(ok).toBe(false);
});

test('skipped tests are listed with their reasons before the last line', () => {
  const { lines, ok } = summarise(
    stages(
      { tests: 0 },
      counts(3, 0, [
        { name: 'a.test.ts: reads a file', reason: 'no file here' },
        { name: 'b.test.ts: on Windows', reason: '' },
      ]),
    ),
  );
  expect(lines).toEqual([
    'skipped: a.test.ts: reads a file (no file here)',
    'skipped: b.test.ts: on Windows',
    '3 passed, 0 failed, 2 skipped',
  ]);
  expect(ok).toBe(true);
});

test('several runs of tests are added up', () => {
  const runs = [
    { name: 'tests', exitCode: 0, tests: counts(7) },
    { name: 'release', exitCode: 1, tests: counts(2, 1, [{ name: 'a', reason: 'no network' }]) },
  ];
  expect(summarise(runs).lines).toEqual([
    'skipped: a (no network)',
    'failed: release, exit code 1',
    '9 passed, 1 failed, 1 skipped',
  ]);
});

test('a stage that could not be carried out here is skipped', () => {
  const { lines, ok } = summarise(stages({ workflow: 77, lint: 0, tests: 0 }, counts(3)));
  expect(lines).toEqual(['skipped: workflow (its lines above say why)', '4 passed, 0 failed, 1 skipped']);
  expect(ok).toBe(true);
});

test('a run of tests cannot be skipped', () => {
  expect(summarise(stages({ tests: 77 }, counts(3))).ok).toBe(false);
});

test('a test run that left no counts, or failed without a failed test, is a failure', () => {
  expect(summarise(stages({ tests: 1 }, null))).toMatchObject({ ok: false });
  expect(summarise(stages({ tests: 0 }, null)).lines.at(-1)).toBe('0 passed, 1 failed');
  expect(summarise(stages({ tests: 1 }, counts(5))).lines.at(-1)).toBe('5 passed, 1 failed');
});

test('counts of a real run: passed, failed, skipped with its note, setup that fails, and a file that cannot be loaded', () => {
  const folder = mkdtempSync(join(tmpdir(), 'losslab-ci-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const results = join(folder, 'counts.json');
  writeFileSync(
    join(folder, 'mixed.test.js'),
    `
    test('passes', () => {});
    test('fails', () => { throw new Error('no'); });
    test('needs a file', ({ skip }) => skip('there is no file'));
    test.skip('is off', () => {});
    describe('suite', () => {
      beforeAll(() => { throw new Error('no'); });
      test('is never reached', () => {});
    });
  `,
  );
  writeFileSync(join(folder, 'broken.test.js'), "import './missing.js';");
  const run = spawnSync(
    process.execPath,
    [
      join(root, 'node_modules/vitest/vitest.mjs'),
      'run',
      '--root',
      folder,
      '--globals',
      '--reporter',
      join(root, 'scripts/ci-reporter.ts'),
    ],
    { cwd: folder, env: { ...process.env, CI_TEST_COUNTS: results }, encoding: 'utf8' },
  );
  expect(run.status).toBe(1);
  expect(JSON.parse(readFileSync(results, 'utf8'))).toEqual({
    passed: 1,
    failed: 3,
    skipped: [
      { name: 'mixed.test.js: needs a file', reason: 'there is no file' },
      { name: 'mixed.test.js: is off', reason: '' },
      { name: 'mixed.test.js: suite > is never reached', reason: 'its setup failed' },
    ],
  });
  const summary = spawnSync(process.execPath, [join(root, 'scripts/ci-summary.ts'), 'lint=0', `tests=1:${results}`], {
    encoding: 'utf8',
  });
  expect(summary.stdout.trimEnd().split('\n').at(-1)).toBe('2 passed, 3 failed, 3 skipped');
  expect(summary.status).toBe(1);
});
