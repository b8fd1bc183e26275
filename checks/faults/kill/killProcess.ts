import type { ChildProcess } from 'node:child_process';
import { isAlive } from '../../../src/lab/base/processIdentity.ts';
import { eventually, processes } from '../../../tests/helpers/commandLine.ts';
import type { Kills } from './kills.ts';

/** Which processes of a program are killed. An orphaned training process must end by itself. */
export type Victims = 'it alone' | 'it and its trainer';

/** In turn. */
export function victimsOf({ count }: Kills): Victims {
  return count % 2 === 0 ? 'it alone' : 'it and its trainer';
}

/** Kills what `startLosslab` started, and resolves when all of its processes have ended. */
export async function killProcess(started: ChildProcess, victims: Victims): Promise<void> {
  const pid = started.pid!;
  const children = processes()
    .filter(({ parent }) => parent === pid)
    .map((child) => child.pid);
  process.kill(victims === 'it alone' ? pid : -pid, 'SIGKILL');
  await eventually(
    'the end of a process and of what it had started',
    () => [pid, ...children].every((each) => !isAlive({ pid: each, startToken: '' })),
    60_000,
  );
}
