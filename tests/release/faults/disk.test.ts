import { expect, test } from 'vitest';
import { disk } from '../../../checks/faults/disk.ts';
import { expectNothingLost } from '../../helpers/faultLines.ts';

test.skipIf(process.platform !== 'linux' || process.getuid?.() !== 0)(
  'a disk that fails at some of its file operations (root mounts a small one on Linux)',
  async () => {
    const lines = await disk.run('short', () => undefined);
    expectNothingLost(lines);
    expect(lines.length).toBeGreaterThan(2);
  },
  // A dozen whole processes: a busy machine takes its time.
  300_000,
);
