import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { lossNames } from '../../src/shared/recipe.ts';
import { missingAdapter, softwareAdapter } from '../helpers/softwareAdapter.ts';

/**
 * The tests that take a device run once more, with `webgpu` among the devices, in a process that
 * has a software adapter: the same kernels as on a GPU, slower.
 */
const root = fileURLToPath(new URL('../..', import.meta.url));
const files = [
  'tests/unit/lab/losses/reference.test.ts',
  'tests/unit/lab/training/reference.test.ts',
  'tests/unit/lab/training/cachedStep.test.ts',
  'tests/unit/lab/graph/compile.test.ts',
  'tests/unit/lab/graph/dropout.test.ts',
  'tests/unit/lab/encoders/bertGradients.test.ts',
];

interface Report {
  testResults: { assertionResults: { fullName: string; status: string; failureMessages: string[] }[] }[];
}

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'losslab-webgpu-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the tests whose full name has "webgpu" in it. */
function runOnWebgpu(): Promise<{ report: Report | null; output: string }> {
  const env = { ...process.env, ...softwareAdapter, LOSSLAB_TEST_WEBGPU: '1' };
  const file = join(folder, 'report.json');
  const command = [
    'node_modules/vitest/vitest.mjs',
    'run',
    ...files,
    '--testNamePattern',
    'on webgpu',
    '--reporter',
    'json',
    '--outputFile',
    file,
    '--maxWorkers',
    '2',
  ];
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      command,
      { cwd: root, env, maxBuffer: 2 ** 26, timeout: 540_000 },
      (_error, stdout, stderr) => {
        resolve({
          report: existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Report) : null,
          output: `${stdout}\n${stderr}`,
        });
      },
    );
  });
}

describe.skipIf(missingAdapter !== null)(
  `webgpu${missingAdapter === null ? '' : `: skipped, ${missingAdapter}`}`,
  () => {
    test(
      'losses, training, dropout and the refusal of missing kernels, on a software adapter',
      { timeout: 550_000 },
      async () => {
        const { report, output } = await runOnWebgpu();
        expect(report, output).not.toBeNull();
        const results = report!.testResults.flatMap(({ assertionResults }) => assertionResults);
        const failed = results
          .filter(({ status }) => status === 'failed')
          .map(({ fullName, failureMessages }) => `${fullName}\n${failureMessages.join('\n')}`);
        expect(failed).toEqual([]);
        const passed = results.filter(({ status }) => status === 'passed').map(({ fullName }) => fullName);
        const having = (text: string): number => passed.filter((name) => name.includes(text)).length;
        expect(having('losses against the original on webgpu')).toBeGreaterThan(20);
        expect(having('every loss on webgpu')).toBe(lossNames.length);
        expect(having('a tiny DistilBERT on webgpu')).toBeGreaterThan(5);
        expect(having('gradient caching on webgpu')).toBe(1);
        expect(having('without a WebGPU kernel is refused')).toBe(1);
        expect(having('the masks are those of the CPU')).toBe(1);
        expect(having('BERT against central differences on webgpu')).toBe(2);
      },
    );
  },
);
