import { writeFileSync } from 'node:fs';
import type { Reporter, TestCase, TestModule } from 'vitest/node';

/** The counts of a test run, for `ci-summary.ts`. */
export interface TestCounts {
  readonly passed: number;
  /** Failed tests, test files that could not run, and errors outside of tests. */
  readonly failed: number;
  readonly skipped: readonly {
    readonly name: string;
    /** Empty if the test gives none. */ readonly reason: string;
  }[];
}

/**
 * Writes the counts of a test run as JSON to the file that CI_TEST_COUNTS names. Vitest's JSON has neither the reasons
 * of skipped tests nor errors outside of tests.
 */
export default class CiReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const file = process.env.CI_TEST_COUNTS;
    if (!file) throw new Error('CI_TEST_COUNTS must name the file to write to.');
    writeFileSync(file, JSON.stringify(countTests(modules, unhandledErrors.length)));
  }
}

function countTests(modules: readonly TestModule[], errors: number): TestCounts {
  let [passed, failed] = [0, errors];
  const skipped: { name: string; reason: string }[] = [];
  for (const module of modules) {
    const suites = [...module.children.allSuites()];
    failed += [module, ...suites].filter((suite) => suite.errors().length > 0).length;
    for (const test of module.children.allTests()) {
      const result = test.result();
      if (result.state === 'passed') passed++;
      else if (result.state === 'skipped')
        skipped.push({
          name: `${module.relativeModuleId}: ${test.fullName}`,
          reason: result.note ?? (setupFailed(test) ? 'its setup failed' : ''),
        });
      else failed++;
    }
  }
  return { passed, failed, skipped };
}

function setupFailed(test: TestCase): boolean {
  let suite = test.parent;
  while (suite.type === 'suite' && suite.errors().length === 0) suite = suite.parent;
  return suite.errors().length > 0;
}
