import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { openHome } from '../../../src/lab/files/home.ts';
import { openStore } from '../../../src/lab/store/runStore.ts';
import { resolveConfiguration } from '../../../src/shared/configuration.ts';

/** The content of the database: an untrained experiment. */
export const knownIds = { experiment: 'an-experiment', runs: ['first-run', 'second-run'] } as const;

let database: Buffer | undefined;

/** The database of a home folder with an experiment; created once, because that takes longer than using it. */
export function experimentDatabase(): Buffer {
  return (database ??= newDatabase());
}

function newDatabase(): Buffer {
  const home = openHome(mkdtempSync(join(tmpdir(), 'losslab-home-')));
  try {
    const store = openStore(home);
    const configuration = resolveConfiguration({ loss_type: 'infonce' });
    const { id: experiment } = store.createExperiment({
      name: 'An experiment',
      dataset: { name: 'sample', hash: 'd'.repeat(64) },
      configuration,
    });
    const ids = knownIds.runs.map((wanted) => ({ wanted, id: store.createRun({ experiment, configuration }).id }));
    store.close();
    // Ids are random, but inputs must be the same each time.
    const file = new Database(home.database);
    file.prepare('UPDATE experiments SET id = ?').run(knownIds.experiment);
    for (const { wanted, id } of ids) file.prepare('UPDATE runs SET id = ? WHERE id = ?').run(wanted, id);
    file.close();
    return readFileSync(home.database);
  } finally {
    rmSync(home.folder, { recursive: true });
  }
}
