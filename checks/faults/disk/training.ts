import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { openHome } from '../../../src/lab/files/home.ts';
import { openStore } from '../../../src/lab/store/runStore.ts';
import { readSafetensors } from '../../../src/lab/encoders/safetensors.ts';
import { encoderHash, losslab, startLosslab, type CommandResult } from '../../../tests/helpers/commandLine.ts';
import type { Operation } from './failingFiles.ts';
import type { FailingProcess } from './failingProcess.ts';
import { nameOf, trialsOf, type Trial } from './trial.ts';

/** `losslab train` on a disk that fails under one of its two processes. */

const preload = new URL('failingProcess.ts', import.meta.url).href;
const entries = { command: '/bin/losslab.mjs', trainer: '/work/workerEntry.ts' } as const;
export type FailingRole = keyof typeof entries;

export interface TrainingOnDisk {
  readonly trials: readonly Trial[];
  /** What was lost; null if nothing was. */
  attempt(trial: Trial): Promise<string | null>;
}

export const train = [
  'train',
  '--config',
  'infonce_standard',
  '--data',
  'sample',
  '--device',
  'cpu',
  ...['limit=60', 'batch_size=8', 'epochs=2', 'embed_dim=16'].flatMap((setting) => ['--set', setting]),
];

/** `folder` contains the homes; the caller removes it. */
export async function trainingOnDisk(folder: string, role: FailingRole): Promise<TrainingOnDisk> {
  const report = join(folder, `report-${role}`);
  const home = join(folder, `home-${role}`);
  const attemptOn = (fault: FailingProcess['fault']): Promise<CommandResult> => {
    rmSync(home, { recursive: true, force: true });
    rmSync(report, { force: true });
    const failing: FailingProcess = { entry: entries[role], folder: home, fault, report };
    return startLosslab(home, train, folder, {
      FAILING_DISK: JSON.stringify(failing),
      NODE_OPTIONS: `--import ${preload}`,
    }).ended;
  };
  requireSuccess(await attemptOn(null));
  const undisturbed = encoderHash(newestRun(home)!);
  const operations = readFileSync(report, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Operation);
  return {
    trials: trialsOf(operations),
    attempt: async (trial) => {
      const result = await attemptOn(trial.fault);
      if (!existsSync(report)) return `${nameOf(trial, home)}: was not met`;
      const loss = damageBy(result, home) ?? (await whatIsLost(home, undisturbed));
      return loss === null ? null : `${role}, ${nameOf(trial, home)}: ${loss}`;
    },
  };
}

/** Problems of the messages or files of a command that ended. */
export function damageBy(result: CommandResult, home: string): string | null {
  return complaintAbout(result, home) ?? damageOf(home);
}

function requireSuccess({ code, stderr }: CommandResult): void {
  if (code !== 0) throw new Error(`An undisturbed command ended with ${code}: ${stderr}`);
}

export function newestRun(home: string): ReturnType<ReturnType<typeof openStore>['getRun']> | undefined {
  using store = openStore(openHome(home));
  return store.listRuns().at(-1);
}

/** Problems of messages for users. */
function complaintAbout({ code, signal, stderr }: CommandResult, home: string): string | null {
  if (code !== 0 && code !== 1) return `ended with ${code ?? signal}: ${stderr}`;
  if (/^ +at /m.test(stderr) || stderr.includes('defect')) return `is told as a defect: ${stderr}`;
  if (code === 0) return null;
  if (!stderr.includes(home)) return `names no file: ${stderr}`;
  const run = existsSync(join(home, 'losslab.db')) ? newestRun(home) : undefined;
  if (run === undefined) return null;
  return stderr.includes(run.state === 'finished' ? 'losslab compare' : 'losslab resume')
    ? null
    : `does not say how to go on: ${stderr}`;
}

/** A history or a checkpoint that can no longer be read. */
function damageOf(home: string): string | null {
  if (!existsSync(join(home, 'losslab.db'))) return null;
  const database = new Database(join(home, 'losslab.db'));
  const integrity = database.pragma('integrity_check', { simple: true });
  database.close();
  if (integrity !== 'ok') return `the database is damaged: ${String(integrity)}`;
  using store = openStore(openHome(home));
  for (const run of store.listRuns()) {
    const newest = store
      .events(run.id)
      .flatMap(({ event }) => (event.type === 'checkpoint' ? [event.file] : []))
      .at(-1);
    if (newest === undefined) continue;
    try {
      readSafetensors(readFileSync(newest), newest);
    } catch (error) {
      return `the checkpoint ${newest} cannot be read: ${(error as Error).message}`;
    }
  }
  return null;
}

/** Resuming on a working disk must give the same result as an undisturbed run. */
export async function whatIsLost(home: string, undisturbed: string): Promise<string | null> {
  const run = newestRun(home);
  const again =
    run === undefined
      ? await losslab(home, ...train)
      : run.state === 'finished'
        ? null
        : await losslab(home, 'resume', run.id);
  if (again !== null && again.code !== 0) return `cannot be gone on with: ${again.stderr}`;
  return encoderHash(newestRun(home)!) === undisturbed ? null : 'going on ends with other weights';
}
