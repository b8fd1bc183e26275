import { cpSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'better-sqlite3';
import type { Random } from '../../../src/lab/base/random.ts';
import { migrate } from '../../../src/lab/store/database.ts';
import { openHome, type Home } from '../../../src/lab/files/home.ts';
import { migrations } from '../../../src/lab/store/migrations/index.ts';
import { openStore } from '../../../src/lab/store/runStore.ts';
import { startLosslab } from '../../../tests/helpers/commandLine.ts';
import type { FaultLine } from '../lines.ts';
import { damageOf } from '../runs/history.ts';
import { Kills } from './kills.ts';
import { killProcess } from './killProcess.ts';

/** Enough to make a migration that copies them slow. */
const steps = 200_000;
const evaluations = 100_000;

/**
 * Kills a command while it migrates an older database: the next start must finish the migration and keep every figure.
 */
export async function killMigrations(folder: string, count: number, random: Random): Promise<FaultLine> {
  const kills = new Kills('opening a database of an older version');
  const [second, third, fourth, fifth] = [2, 3, 4, 5].map((version) =>
    oldDatabase(join(folder, `version-${version}.db`), version),
  ) as [string, string, string, string];
  // The migrations from versions 2 and 5 copy the figures of steps and of evaluations; the others are fast.
  const old = [second, fifth, third, second, fourth, fifth];
  for (let tries = 0; kills.count < count; tries++) {
    const home = openHome(join(folder, 'migrating'));
    cpSync(old[tries % old.length]!, home.database);
    const moment = await killWhileMigrating(home, random);
    if (moment !== null) kills.add(moment, damageOf(home) ?? lostFigures(home));
    rmSync(home.folder, { recursive: true });
  }
  return kills.line();
}

/** A database with only the first migrations applied, and a run of many steps and evaluations. */
function oldDatabase(file: string, version: number): string {
  const database = new Database(file);
  database.pragma('journal_mode = WAL');
  migrate(database, file, migrations.slice(0, version));
  database.exec(`
    INSERT INTO experiments (key, id, name, created, dataset_name, dataset_hash, configuration) VALUES (1, 'old', 'Old', '2025-01-01', 'sample', 'hash', '{}');
    INSERT INTO runs (key, id, experiment, name, recipe, seed, configuration, state, created) VALUES (1, 'old-run', 1, 'Old', '{}', 1, '{}', 'stopped', '2025-01-01');
    WITH RECURSIVE counted (step) AS (SELECT 1 UNION ALL SELECT step + 1 FROM counted WHERE step < ${steps})
    INSERT INTO step_metrics (run, step, name, value) SELECT 1, step, 'loss', step / 7.0 FROM counted;
    INSERT INTO question_lists VALUES ('none', '[]');
    WITH RECURSIVE counted (step) AS (SELECT 1 UNION ALL SELECT step + 1 FROM counted WHERE step < ${evaluations})
    INSERT INTO evaluations (run, step, epoch, seconds, training_seconds, questions) SELECT 1, step, 1, 1, step, 'none' FROM counted;
    INSERT INTO evaluation_metrics (run, step, name, value) SELECT 1, step, 'mrr@10', 1.0 / step FROM evaluations;`);
  database.close();
  return file;
}

/** What the command was doing; null if it ended before. */
async function killWhileMigrating({ folder, database }: Home, random: Random): Promise<string | null> {
  const command = startLosslab(folder, ['runs']);
  // A transaction stays in memory until it is committed or too large, so only the opening of its log is visible.
  while (!existsSync(`${database}-wal`) && command.process.exitCode === null) await sleep(1);
  await sleep(random.next() * 300);
  if (command.process.exitCode !== null) return null;
  const version = versionOf(database);
  await killProcess(command.process, 'it alone');
  await command.ended;
  return version === migrations.length ? 'migrated, reading' : `migrating from version ${version}`;
}

function versionOf(file: string): number {
  const database = new Database(file, { readonly: true });
  const version = database.pragma('user_version', { simple: true }) as number;
  database.close();
  return version;
}

function lostFigures(home: Home): string | null {
  using store = openStore(home);
  if (versionOf(home.database) !== migrations.length)
    return `opened, the database still has version ${versionOf(home.database)}`;
  const evaluated = store.evaluations('old-run').filter(({ step, metrics }) => metrics['mrr@10'] === 1 / step);
  if (evaluated.length !== evaluations) return `${evaluated.length} of ${evaluations} evaluations are there`;
  const found = store.stepMetrics('old-run', 'loss');
  const wrong = found.find(({ step, value }, index) => step !== index + 1 || value !== step / 7);
  if (wrong) return `the loss of step ${wrong.step} is ${wrong.value}`;
  return found.length === steps ? null : `${found.length} of ${steps} losses are there`;
}
