import { expect } from 'vitest';
import type { FaultLine } from '../../checks/faults/lines.ts';

/** Everything was tried and nothing was lost. */
export function expectNothingLost(lines: readonly FaultLine[]): void {
  expect(lines.flatMap(({ what, losses }) => losses.map((loss) => `${what}: ${loss}`))).toEqual([]);
  expect(lines.filter(({ tried, survived }) => tried === 0 || tried !== survived)).toEqual([]);
}
