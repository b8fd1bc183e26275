import { disk } from './disk.ts';
import { kill } from './kill.ts';
import type { FaultPart } from './lines.ts';

/** Everything that `npm run faults` tries. */
export const parts = {
  kill,
  disk,
} satisfies Record<string, FaultPart>;
