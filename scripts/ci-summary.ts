import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { TestCounts } from './ci-reporter.ts';

/**
 * Prints the end of a CI log: what was skipped and why, which stages failed, and a last line `N passed, N failed[, N
 * skipped]`. Arguments: every stage with its exit code, and for one that runs tests the file with their counts, as
 * `lint=0 tests=1:counts.json`. Exits with 1 unless everything passed.
 */

export interface Stage {
  readonly name: string;
  readonly exitCode: number;
  /** Of a stage that runs tests; `null` if it left none. */
  readonly tests?: TestCounts | null;
}

/** Exit code of a stage that cannot run here and has printed why (Automake's convention). */
const skippedExitCode = 77;

/**
 * A stage that runs tests counts its tests, every other stage counts as one. A run of tests without counts, or one that
 * failed without a failed test, is one more failure.
 */
export function summarise(stages: readonly Stage[]): { lines: string[]; ok: boolean } {
  const testRuns = stages.filter(({ tests }) => tests !== undefined);
  const checks = stages.filter(({ tests }) => tests === undefined);
  const skippedChecks = checks.filter(({ exitCode }) => exitCode === skippedExitCode);
  const failedStages = stages.filter((stage) => stage.exitCode !== 0 && !skippedChecks.includes(stage));
  const brokenRuns = testRuns.filter(({ tests, exitCode }) => !tests || (exitCode !== 0 && tests.failed === 0));

  const passed = checks.filter(({ exitCode }) => exitCode === 0).length + sum(testRuns, 'passed');
  const failed =
    failedStages.filter(({ tests }) => tests === undefined).length + sum(testRuns, 'failed') + brokenRuns.length;
  const skipped = [
    ...testRuns.flatMap(({ tests }) => tests?.skipped ?? []),
    ...skippedChecks.map(({ name }) => ({ name, reason: 'its lines above say why' })),
  ];
  const lines = [
    ...skipped.map(({ name, reason }) => `skipped: ${name}${reason ? ` (${reason})` : ''}`),
    ...failedStages.map(({ name, exitCode }) => `failed: ${name}, exit code ${exitCode}`),
    ...brokenRuns.filter(({ tests }) => !tests).map(({ name }) => `failed: ${name} left no counts`),
    `${passed} passed, ${failed} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ''}`,
  ];
  return { lines, ok: failed === 0 };
}

function sum(testRuns: readonly Stage[], outcome: 'passed' | 'failed'): number {
  return testRuns.reduce((total, { tests }) => total + (tests?.[outcome] ?? 0), 0);
}

function readCounts(file: string): TestCounts | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as TestCounts;
  } catch {
    return null;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const stages = process.argv.slice(2).map((argument): Stage => {
    const [, name, exitCode, file] = /^(.+?)=(\d+)(?::(.*))?$/.exec(argument)!;
    return { name: name!, exitCode: Number(exitCode), ...(file !== undefined && { tests: readCounts(file) }) };
  });
  const { lines, ok } = summarise(stages);
  console.log(lines.join('\n'));
  process.exitCode = ok ? 0 : 1;
}
