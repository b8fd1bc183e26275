import { disk } from './disk.ts';
import type { FaultPart } from './lines.ts';

/** Everything that `npm run faults` tries. */
export const parts = {
  disk,
} satisfies Record<string, FaultPart>;
