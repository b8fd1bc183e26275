import { expect, test } from 'vitest';
import { gpu } from '../../../checks/faults/gpu.ts';
import { expectNothingLost } from '../../helpers/faultLines.ts';
import { missingAdapter } from '../../helpers/softwareAdapter.ts';

test.skipIf(missingAdapter !== null)(
  `a GPU that runs out of memory, or is lost${missingAdapter === null ? '' : `: skipped, ${missingAdapter}`}`,
  async () => {
    const lines = await gpu.run('short');
    expectNothingLost(lines);
    expect(lines.length).toBeGreaterThan(1);
  },
  300_000,
);
