import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { kill } from '../../../checks/faults/kill.ts';
import { expectNothingLost } from '../../helpers/faultLines.ts';

test.skipIf(!existsSync('/proc/self/stat'))(
  'training processes, commands, servers, migrations, imports and exports killed in the middle of what they do (processes are found through /proc)',
  async () => {
    const lines = await kill.run('short');
    expectNothingLost(lines);
    expect(lines.length).toBeGreaterThan(1);
  },
  300_000,
);
