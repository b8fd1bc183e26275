import { LabError } from '../shared/errors.ts';
import type { Store } from '../lab/store/runStore.ts';

/** The given runs, or the runs of the newest experiment. Throws a `usage` LabError if there are none. */
export function chosenRuns(store: Store, ids: readonly string[]): readonly string[] {
  if (ids.length > 0) return ids;
  const newest = store.listRuns().at(-1);
  if (!newest) throw new LabError('usage', 'No runs to compare.', '"losslab demo" trains some on the shipped sample.');
  return store.listRuns({ experiment: newest.experiment }).map(({ id }) => id);
}
