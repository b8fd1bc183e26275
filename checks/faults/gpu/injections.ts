import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { launcher } from '../../../src/cli/launcher.ts';
import { nodeLauncher } from '../../../src/lab/work/nodeProcesses.ts';
import type { ProcessEntry, ProcessLauncher } from '../../../src/lab/work/processes.ts';
import { softwareAdapter } from '../../../tests/helpers/softwareAdapter.ts';

/** Processes that find the software adapter. */
export const softwareLauncher: ProcessLauncher = {
  launch: (entry) => launcher.launch(entry, { environment: softwareAdapter }),
};

const losing = nodeLauncher({ trainer: fileURLToPath(new URL('losingTrainer.ts', import.meta.url)) } as Record<
  ProcessEntry,
  string
>);

/** Trainers that lose their device when they have run so many models. */
export function losingLauncher(models: number): ProcessLauncher {
  return {
    launch: (entry) => losing.launch(entry, { environment: { ...softwareAdapter, LOSE_DEVICE_AFTER: String(models) } }),
  };
}

/** What is done to a living trainer. */
export const injections = {
  /** From then on it gets no more than it has: the adapter, the driver or the process itself cannot go on. */
  'memory runs out': (pid) => {
    const kilobytes = Number(/^VmSize:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]);
    execFileSync('prlimit', ['--pid', String(pid), `--as=${kilobytes * 1024}`]);
  },
  'the driver crashes': (pid) => process.kill(pid, 'SIGSEGV'),
  'the driver aborts': (pid) => process.kill(pid, 'SIGABRT'),
} as const satisfies Record<string, (pid: number) => unknown>;

export type Injection = keyof typeof injections;
