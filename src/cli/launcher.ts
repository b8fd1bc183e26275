import { fileURLToPath } from 'node:url';
import { entryFile } from '../lab/base/entryFile.ts';
import { nodeLauncher } from '../lab/work/nodeProcesses.ts';

const entry = (path: string): string => fileURLToPath(entryFile(path, import.meta.url));

/** The processes that commands start beside their own. */
export const launcher = nodeLauncher({
  trainer: entry('../trainer/main'),
  selfTest: entry('../lab/engine/selfTestProcess'),
  inspector: entry('../lab/inspector/inspectorProcess'),
  map: entry('../lab/map/mapProcess'),
});
