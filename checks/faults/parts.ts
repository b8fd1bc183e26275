import { disk } from './disk.ts';
import { fuzz } from './fuzz.ts';
import { gpu } from './gpu.ts';
import { kill } from './kill.ts';
import type { FaultPart } from './lines.ts';
import { load } from './load.ts';
import { malice } from './malice.ts';
import { resume } from './resume.ts';
import { server } from './server.ts';

/** Everything that `npm run faults` tries. */
export const parts = {
  kill,
  resume,
  gpu,
  disk,
  load,
  server,
  malice,
  fuzz,
} satisfies Record<string, FaultPart>;
