import { existsSync } from 'node:fs';
import Database from 'better-sqlite3';
import type { Home } from '../../../src/lab/files/home.ts';
import { openStore, type Store } from '../../../src/lab/store/runStore.ts';
import type { Ending } from './ending.ts';

/** What is wrong with the database of a home; null if nothing is. */
export function damageOf(home: Home): string | null {
  if (!existsSync(home.database)) return null;
  const database = new Database(home.database);
  try {
    const integrity = database.pragma('integrity_check', { simple: true });
    if (integrity !== 'ok') return `integrity_check says: ${String(integrity)}`;
    const orphans = database.pragma('foreign_key_check') as unknown[];
    return orphans.length === 0 ? null : `foreign_key_check finds ${orphans.length} rows`;
  } finally {
    database.close();
  }
}

/** The history of a run at a moment: losses by step, and evaluated steps. */
export interface Committed {
  readonly losses: ReadonlyMap<number, number>;
  readonly evaluated: readonly number[];
}

export function committed(store: Store, id: string): Committed {
  return {
    losses: new Map(store.stepMetrics(id, 'loss').map(({ step, value }) => [step, value])),
    evaluated: store.evaluations(id).map(({ step }) => step),
  };
}

/**
 * What a killed process lost. Null if, after the next opening, everything committed before is there, every step exists
 * once and equals the undisturbed run, and no run is still `running`.
 */
export function lostSince(before: Committed, home: Home, id: string, undisturbed: Ending): string | null {
  const damage = damageOf(home);
  if (damage !== null) return damage;
  using store = openStore(home);
  const { state } = store.getRun(id);
  if (state === 'running') return 'the run is still called running after the next opening';
  const after = committed(store, id);
  const lost = [...before.losses].find(([step, value]) => after.losses.get(step) !== value);
  if (lost) return `the loss of step ${lost[0]} was ${lost[1]} before, and is ${after.losses.get(lost[0])}`;
  const gone = before.evaluated.find((step) => !after.evaluated.includes(step));
  if (gone !== undefined) return `the evaluation after step ${gone} is gone`;
  return straying(after, undisturbed);
}

/** Steps must be stored from the first on, without gaps, and equal the undisturbed run. */
function straying({ losses }: Committed, undisturbed: Ending): string | null {
  const expected = new Map(undisturbed.steps.loss!.map(({ step, value }) => [step, value]));
  let last = 0;
  for (const [step, value] of losses) {
    if (step !== ++last) return `step ${step} follows step ${last - 1}`;
    if (expected.get(step) !== value) return `the loss of step ${step} is ${value}, undisturbed ${expected.get(step)}`;
  }
  return null;
}
