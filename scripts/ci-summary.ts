import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { TestCounts } from './ci-reporter.ts';

/**
 * Prints the end of a CI log: what was skipped and why, which stages failed, and a last line `N passed, N failed[, N
 * skipped]`. Arguments: the file with the test counts, then every stage with its exit code, as `lint=0 tests=1`. Exits
 * with 1 unless everything passed.
 */

export interface Stage {
  readonly name: string;
  readonly exitCode: number;
}

/** Exit code of a stage that cannot run here and has printed why (Automake's convention). */
const skippedExitCode = 77;

/**
 * Every stage except `tests` counts as one; `tests` counts its tests. A test run without counts, or one that failed
 * without a failed test, is one more failure.
 */
export function summarise(stages: readonly Stage[], tests: TestCounts | null): { lines: string[]; ok: boolean } {
  const skippedChecks = stages.filter((stage) => stage.name !== 'tests' && stage.exitCode === skippedExitCode);
  const carriedOut = stages.filter((stage) => !skippedChecks.includes(stage));
  const checks = carriedOut.filter((stage) => stage.name !== 'tests');
  const failedChecks = checks.filter((stage) => stage.exitCode !== 0);
  const testRun = carriedOut.find((stage) => stage.name === 'tests');
  const brokenRun = testRun !== undefined && (tests === null || (testRun.exitCode !== 0 && tests.failed === 0));

  const passed = checks.length - failedChecks.length + (tests?.passed ?? 0);
  const failed = failedChecks.length + (tests?.failed ?? 0) + (brokenRun ? 1 : 0);
  const skipped = [
    ...(tests?.skipped ?? []),
    ...skippedChecks.map(({ name }) => ({ name, reason: 'its lines above say why' })),
  ];
  const lines = [
    ...skipped.map(({ name, reason }) => `skipped: ${name}${reason ? ` (${reason})` : ''}`),
    ...carriedOut
      .filter((stage) => stage.exitCode !== 0)
      .map((stage) => `failed: ${stage.name}, exit code ${stage.exitCode}`),
    ...(brokenRun && tests === null ? ['failed: the test run left no counts'] : []),
    `${passed} passed, ${failed} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ''}`,
  ];
  return { lines, ok: failed === 0 };
}

function readCounts(file: string): TestCounts | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as TestCounts;
  } catch {
    return null;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [file, ...outcomes] = process.argv.slice(2);
  const stages = outcomes.map((outcome) => {
    const [name, exitCode] = outcome.split('=');
    return { name: name!, exitCode: Number(exitCode) };
  });
  const { lines, ok } = summarise(stages, readCounts(file!));
  console.log(lines.join('\n'));
  process.exitCode = ok ? 0 : 1;
}
