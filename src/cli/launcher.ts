import { nodeLauncher } from '../lab/work/nodeProcesses.ts';

/** Starts the child processes of commands. */
export const launcher = nodeLauncher();
