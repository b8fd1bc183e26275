import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { z } from 'zod';

/**
 * Identifies a process later. Its number alone is not enough, because the system gives the numbers of dead processes to
 * new ones.
 */
export interface ProcessIdentity {
  readonly pid: number;
  /** Differs between two processes that had the same number; empty if the system does not provide it. */
  readonly startToken: string;
}

const shape = z.object({ pid: z.int().min(1), startToken: z.string() });

/** Parses an identity that was written into a file; null if it names no process. */
export function parseProcess(json: string): ProcessIdentity | null {
  try {
    return shape.parse(JSON.parse(json));
  } catch {
    return null;
  }
}

export function currentProcess(): ProcessIdentity {
  return { pid: process.pid, startToken: startToken(process.pid) ?? '' };
}

export function isAlive(identity: ProcessIdentity): boolean {
  try {
    process.kill(identity.pid, 0);
  } catch (error) {
    // EPERM: the process exists and belongs to another user.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const token = startToken(identity.pid);
  if (token === null) return false;
  return token === '' || identity.startToken === '' || token === identity.startToken;
}

/** Null when the process has ended and only waits for its parent to notice; '' when unknown. */
function startToken(pid: number): string | null {
  if (process.platform === 'linux') return linuxStartToken(pid);
  if (process.platform === 'win32') return '';
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return '';
  }
}

/** Boot and start time in clock ticks since then: proc_pid_stat(5), fields 3 (state) and 22 (starttime). */
function linuxStartToken(pid: number): string | null {
  let stat: string;
  try {
    stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return '';
  }
  // Field 2, the name, is in parentheses and may itself contain spaces and parentheses.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, startTime] = [fields[0], fields[19]];
  if (state === 'Z' || state === 'X') return null;
  return `${bootIdentity()}/${startTime}`;
}

function bootIdentity(): string {
  try {
    return fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return '';
  }
}
