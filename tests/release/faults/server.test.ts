import { expect, test } from 'vitest';
import { server } from '../../../checks/faults/server.ts';
import { expectNothingLost } from '../../helpers/faultLines.ts';

test('some of all combinations of what a request can have right or wrong', async () => {
  const lines = await server.run('short', () => undefined);
  expectNothingLost(lines);
  expect(lines.length).toBeGreaterThan(2);
}, 120_000);
