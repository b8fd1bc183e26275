import { expect, test } from 'vitest';
import { malice } from '../../../checks/faults/malice.ts';
import { expectNothingLost } from '../../helpers/faultLines.ts';

test('some of everything that means harm', async () => {
  const lines = await malice.run('short', () => undefined);
  expectNothingLost(lines);
  expect(lines.length).toBeGreaterThan(2);
}, 120_000);
