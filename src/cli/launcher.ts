import { fileURLToPath } from 'node:url';
import { nodeLauncher } from '../lab/work/nodeProcesses.ts';

/** The processes that commands start beside their own. */
export const launcher = nodeLauncher({
  trainer: fileURLToPath(new URL('../trainer/main.ts', import.meta.url)),
  selfTest: fileURLToPath(new URL('../lab/engine/selfTestProcess.ts', import.meta.url)),
  inspector: fileURLToPath(new URL('../lab/inspector/inspectorProcess.ts', import.meta.url)),
  map: fileURLToPath(new URL('../lab/map/mapProcess.ts', import.meta.url)),
});
