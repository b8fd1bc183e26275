import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { launcher } from '../../../src/cli/launcher.ts';
import { nodeLauncher } from '../../../src/lab/work/nodeProcesses.ts';
import type { WorkerLauncher } from '../../../src/lab/work/workers.ts';
import { softwareAdapter } from '../../../tests/helpers/softwareAdapter.ts';

/** Processes that use the software adapter. */
export const softwareLauncher: WorkerLauncher = {
  launch: (name) => launcher.launch(name, { environment: softwareAdapter }),
};

const losing = nodeLauncher(new URL('losingTrainer.ts', import.meta.url));

/** Trainers that lose their device after a number of model runs. */
export function losingLauncher(models: number): WorkerLauncher {
  return {
    launch: (name) => losing.launch(name, { environment: { ...softwareAdapter, LOSE_DEVICE_AFTER: String(models) } }),
  };
}

/** Failures of a running trainer. */
export const injections = {
  /** Limits the memory of the process to its current size: then the adapter, the driver or the process fails. */
  'memory runs out': (pid) => {
    const kilobytes = Number(/^VmSize:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]);
    execFileSync('prlimit', ['--pid', String(pid), `--as=${kilobytes * 1024}`]);
  },
  'the driver crashes': (pid) => process.kill(pid, 'SIGSEGV'),
  'the driver aborts': (pid) => process.kill(pid, 'SIGABRT'),
} as const satisfies Record<string, (pid: number) => unknown>;

export type Injection = keyof typeof injections;
