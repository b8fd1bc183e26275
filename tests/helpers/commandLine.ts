import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openHome } from '../../src/lab/files/home.ts';
import { openStore } from '../../src/lab/store/runStore.ts';
import type { Run } from '../../src/shared/history.ts';

/** The command line as its users meet it: a process with arguments, an exit code and two streams. */

const entry = fileURLToPath(new URL('../../bin/losslab.mjs', import.meta.url));

export interface CommandResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface StartedCommand {
  readonly process: ChildProcess;
  readonly ended: Promise<CommandResult>;
  /** To the command and everything it started, as a terminal does. */
  interrupt(): void;
}

export function startLosslab(
  home: string,
  args: readonly string[],
  cwd = tmpdir(),
  environment: NodeJS.ProcessEnv = {},
): StartedCommand {
  const child = spawn(process.execPath, [entry, ...args], {
    cwd,
    env: { ...process.env, LOSSLAB_HOME: home, NO_COLOR: '1', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = new Promise<CommandResult>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  return { process: child, ended, interrupt: () => signalGroup(child, 'SIGINT') };
}

/** A test of what Ctrl-C does is skipped where no program can send it to another one. */
export const hasSignals = process.platform !== 'win32';

/** To a process that leads its group, and to all that it started; on Windows that ends them. */
export function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (hasSignals) process.kill(-pid!, signal);
  else execFileSync('taskkill', ['/pid', String(pid), '/t', '/f'], { stdio: 'ignore' });
}

export function losslab(home: string, ...args: string[]): Promise<CommandResult> {
  return startLosslab(home, args).ended;
}

/** Runs a command that must succeed and prints JSON; returns what it printed. */
export async function losslabJson<T>(home: string, ...args: string[]): Promise<T> {
  const result = await losslab(home, ...args, '--json');
  if (result.code !== 0)
    throw new Error(`losslab ${args.join(' ')} ended with ${result.code}: ${result.stderr}${result.stdout}`);
  return JSON.parse(result.stdout) as T;
}

/** The training process that a command has started, once it is there. */
export async function trainerOf({ process: command }: StartedCommand): Promise<number> {
  return eventually(
    'a training process',
    () => processes().find(({ parent, line }) => parent === command.pid && /training\/trainTask/.test(line))?.pid,
  );
}

/** Reads /proc: where there is none, these tests are skipped. */
export function processes(): { pid: number; parent: number; line: string }[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      const line = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ');
      return [{ pid: Number(name), parent: Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]), line }];
    } catch {
      return []; // It has ended meanwhile.
    }
  });
}

/** Asks until there is an answer. */
export async function eventually<T>(what: string, ask: () => T | undefined | false, milliseconds = 60_000): Promise<T> {
  for (const deadline = performance.now() + milliseconds; performance.now() < deadline; await sleep(10)) {
    const answer = ask();
    if (answer !== undefined && answer !== false) return answer;
  }
  throw new Error(`${what}: not within ${milliseconds} ms`);
}

/** The only run of a home, as the history has it now. */
export function onlyRun(home: string): Run {
  using store = openStore(openHome(home));
  const runs = store.listRuns();
  if (runs.length !== 1) throw new Error(`expected one run, found ${runs.length}`);
  return runs[0]!;
}

/** Waits until the only run of a home has recorded so many steps. */
export async function stepsRecorded(home: string, steps: number): Promise<void> {
  using store = openStore(openHome(home));
  await eventually(`step ${steps}`, () => store.listRuns().some((run) => run.steps_done >= steps));
}

export function encoderHash(run: Run): string {
  return createHash('sha256')
    .update(readFileSync(join(run.encoder!, 'model.safetensors')))
    .digest('hex');
}

/** Every figure of every step that does not depend on how long things took. */
export function stepFigures(home: string, run: string): Record<string, { step: number; value: number }[]> {
  using store = openStore(openHome(home));
  const names = store.stepMetricNames(run).filter((name) => !name.endsWith('seconds'));
  return Object.fromEntries(names.map((name) => [name, store.stepMetrics(run, name)]));
}

/** Every metric of every evaluation. */
export function evaluationFigures(home: string, run: string): unknown {
  using store = openStore(openHome(home));
  return store.evaluations(run).map(({ step, epoch, metrics }) => ({ step, epoch, metrics }));
}
