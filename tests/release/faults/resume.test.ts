import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { resume } from '../../../checks/faults/resume.ts';
import { expectNothingLost } from '../../helpers/faultLines.ts';

test.skipIf(!existsSync('/proc/self/stat'))(
  'runs of random configurations, stopped and resumed, end with the same bits as those never stopped (processes are found through /proc)',
  async () => {
    const lines = await resume.run('short');
    expectNothingLost(lines);
    expect(lines.length).toBeGreaterThan(1);
  },
  200_000,
);
