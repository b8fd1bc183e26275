import { disk } from './disk.ts';
import { fuzz } from './fuzz.ts';
import { kill } from './kill.ts';
import type { FaultPart } from './lines.ts';

/** Everything that `npm run faults` tries. */
export const parts = {
  kill,
  disk,
  fuzz,
} satisfies Record<string, FaultPart>;
