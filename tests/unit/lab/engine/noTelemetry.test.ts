import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { applicationFile } from '../../../../src/lab/base/applicationFiles.ts';
import { temporaryFolder } from '../../../helpers/syntheticStore.ts';

const sources = applicationFile('src');

test('ONNX Runtime leaves no identifier, no list of what it would send, and no logs of its sender', () => {
  const folder = temporaryFolder();
  const task = `const { runSelfTest } = await import(${JSON.stringify(join(sources, 'lab/engine/selfTest.ts'))}); await runSelfTest('cpu');`;
  // It reports nothing either where it believes to be in a test.
  execFileSync(process.execPath, ['--input-type=module', '--eval', task], {
    cwd: folder,
    env: { HOME: folder, TMPDIR: folder },
  });
  expect(readdirSync(folder)).toEqual([]);
});

test('it is imported in one place only, which sees to that', () => {
  const files = readdirSync(sources, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  expect(files.filter((file) => readFileSync(join(sources, file), 'utf8').includes("from 'onnxruntime-node'"))).toEqual(
    ['lab/engine/onnxRuntime.ts'],
  );
});
