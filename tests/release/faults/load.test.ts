import { expect, test } from 'vitest';
import { load } from '../../../checks/faults/load.ts';
import { expectNothingLost } from '../../helpers/faultLines.ts';

test('three trainers and eight readers on one home folder, for some seconds', async () => {
  const lines = await load.run('short', () => undefined);
  expectNothingLost(lines);
  expect(lines.length).toBeGreaterThan(2);
}, 120_000);
