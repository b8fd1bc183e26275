import type { FaultPart } from './lines.ts';

/** Everything that `npm run faults` tries. */
export const parts = {
} satisfies Record<string, FaultPart>;
