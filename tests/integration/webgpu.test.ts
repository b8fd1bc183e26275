import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { missingAdapter, softwareAdapter } from '../helpers/softwareAdapter.ts';

/**
 * The tests that take a device run once more, with `webgpu` among the devices, in a process that
 * has a software adapter: the same kernels as on a GPU, slower.
 */
const root = fileURLToPath(new URL('../..', import.meta.url));
const files = ['tests/unit/lab/losses/reference.test.ts', 'tests/unit/lab/training/reference.test.ts', 'tests/unit/lab/graph/compile.test.ts', 'tests/unit/lab/graph/dropout.test.ts'];

interface Report {
  numTotalTests: number;
  testResults: { assertionResults: { fullName: string; status: string; failureMessages: string[] }[] }[];
}

/** Runs the tests whose full name has "webgpu" in it. */
function runOnWebgpu(): Promise<{ report: Report | null; output: string }> {
  const env = { ...process.env, ...softwareAdapter, LOSSLAB_TEST_WEBGPU: '1' };
  const command = ['node_modules/vitest/vitest.mjs', 'run', ...files, '--testNamePattern', 'on webgpu', '--reporter', 'json', '--maxWorkers', '2'];
  return new Promise((resolve) => {
    execFile(process.execPath, command, { cwd: root, env, maxBuffer: 2 ** 26, timeout: 240_000 }, (_error, stdout, stderr) => {
      const json = stdout.slice(stdout.indexOf('{"'));
      resolve({ report: json.startsWith('{"') ? (JSON.parse(json) as Report) : null, output: `${stdout}\n${stderr}` });
    });
  });
}

describe.skipIf(missingAdapter !== null)(`webgpu${missingAdapter === null ? '' : `: skipped, ${missingAdapter}`}`, () => {
  test('losses, training, dropout and the refusal of missing kernels, on a software adapter', { timeout: 250_000 }, async () => {
    const { report, output } = await runOnWebgpu();
    expect(report, output).not.toBeNull();
    const results = report!.testResults.flatMap(({ assertionResults }) => assertionResults);
    const failed = results.filter(({ status }) => status === 'failed').map(({ fullName, failureMessages }) => `${fullName}\n${failureMessages.join('\n')}`);
    expect(failed).toEqual([]);
    const passed = results.filter(({ status }) => status === 'passed').map(({ fullName }) => fullName);
    const having = (text: string): number => passed.filter((name) => name.includes(text)).length;
    expect(having('losses against the original on webgpu')).toBeGreaterThan(20);
    expect(having('a tiny DistilBERT on webgpu')).toBeGreaterThan(5);
    expect(having('without a WebGPU kernel is refused')).toBe(1);
    expect(having('the masks are those of the CPU')).toBe(1);
  });
});
