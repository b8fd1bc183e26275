import { chmodSync, writeFileSync } from 'node:fs';
import { freemem } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { availableMemory } from '../../../../src/lab/engine/availableMemory.ts';
import { temporaryFolder } from '../../../helpers/syntheticStore.ts';

afterEach(() => vi.unstubAllEnvs());

/** In the place of NVIDIA's program. */
function nvidiaSmi(script: string): void {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'nvidia-smi'), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, 'nvidia-smi'), 0o755);
  vi.stubEnv('PATH', `${folder}:/bin:/usr/bin`);
}

describe.skipIf(process.platform !== 'linux')('on Linux', () => {
  test('the CPU has what the system says is free, and no more than a container may use', async () => {
    const limit = vi.spyOn(process, 'constrainedMemory').mockReturnValue(0);
    expect((await availableMemory('cpu'))! / freemem()).toBeCloseTo(1, 1);
    limit.mockReturnValue(1e6);
    expect(await availableMemory('cpu')).toBe(1e6);
    limit.mockRestore();
  });

  test('an NVIDIA GPU has what its driver says is free; of several, the fullest', async () => {
    nvidiaSmi('case "$*" in *memory.free*noheader,nounits*) printf "80000\\n1024\\n";; *) exit 2;; esac');
    expect(await availableMemory('webgpu')).toBe(2 ** 30);
  });

  test.each([
    ['nobody tells', 'exit 9'],
    ['it tells in words', 'echo "[N/A]"'],
    ['it tells nothing', 'true'],
  ])('where %s, nothing is known of a GPU', async (_, script) => {
    nvidiaSmi(script);
    expect(await availableMemory('webgpu')).toBeNull();
  });

  test('without such a program, either', async () => {
    vi.stubEnv('PATH', temporaryFolder());
    expect(await availableMemory('webgpu')).toBeNull();
  });
});
