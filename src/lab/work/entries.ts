import { fileURLToPath } from 'node:url';
import { entryFile } from '../base/entryFile.ts';
import type { ProcessEntry } from './processes.ts';

const entry = (path: string): string => fileURLToPath(entryFile(path, import.meta.url));

/** The file that each process begins with. */
export const processEntries: Readonly<Record<ProcessEntry, string>> = {
  trainer: entry('../../trainer/main'),
  selfTest: entry('../engine/selfTestProcess'),
  inspector: entry('../inspector/inspectorProcess'),
  map: entry('../map/mapProcess'),
};
