import { nodeLauncher } from '../lab/work/nodeProcesses.ts';

/** The processes that commands start beside their own. */
export const launcher = nodeLauncher();
