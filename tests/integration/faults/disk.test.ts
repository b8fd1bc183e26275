import { expect, test } from 'vitest';
import { disk } from '../../../checks/faults/disk.ts';
import { expectNothingLost } from '../../helpers/faultLines.ts';

test('a disk that fails at some of its file operations', async () => {
  const lines = await disk.run('short', () => undefined);
  expectNothingLost(lines);
  expect(lines.length).toBeGreaterThan(2);
}, 120_000);
