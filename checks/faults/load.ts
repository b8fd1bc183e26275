import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FaultPart } from './lines.ts';
import { memoryLine } from './load/memory.ts';
import { togetherLines } from './load/together.ts';

/** The app, a server and the command line on one home folder, for a long time. */
export const load: FaultPart = {
  what: 'three trainers and eight readers on one home folder, and the memory of what runs for long',
  async run(scale) {
    const folder = mkdtempSync(join(tmpdir(), 'losslab-load-'));
    try {
      if (scale === 'short')
        return await togetherLines(join(folder, 'home'), { seconds: 5, stepsPerSecond: 200, epochs: 4 });
      const together = await togetherLines(join(folder, 'home'), { seconds: 600, stepsPerSecond: 85, epochs: 40 });
      return [...together, await memoryLine(join(folder, 'memory'), { steps: 5000, passes: 24, stepsPerSecond: 5000 })];
    } finally {
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    }
  },
};
