import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FaultPart, Scale } from './lines.ts';
import { archivesLine } from './malice/archives.ts';
import { contractLine } from './malice/contract.ts';
import { cellsLine, configurationsLine, exportsLine } from './malice/files.ts';
import { maliciousHome } from './malice/maliciousHome.ts';
import { screensLine } from './malice/screens.ts';

/** How much is tried: one of this many calls, and numbers of configurations and screens. */
const amounts = {
  long: { oneOfCalls: 1, configurations: Infinity, screens: Infinity },
  short: { oneOfCalls: 97, configurations: 2, screens: 1 },
} as const satisfies Record<Scale, object>;

/** Malicious data, names, files and screens. */
export const malice: FaultPart = {
  what: 'archives that explode, texts that are scripts, cells that are formulas, paths that lead out, and a screen that has been taken over',
  async run(scale) {
    const folder = mkdtempSync(join(tmpdir(), 'losslab-malice-'));
    const { oneOfCalls, configurations, screens } = amounts[scale];
    try {
      const malicious = await maliciousHome(folder);
      return [
        await archivesLine(folder),
        await screensLine(malicious, folder, screens),
        await cellsLine(malicious),
        await exportsLine(malicious, folder),
        await configurationsLine(folder, configurations),
        // The last one, because it deletes and renames data.
        await contractLine(malicious, oneOfCalls),
      ];
    } finally {
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    }
  },
};
