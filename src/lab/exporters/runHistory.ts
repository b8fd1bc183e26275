import { LabError } from '../../shared/errors.ts';
import type { Evaluation, Run } from '../../shared/history.ts';
import type { Curves } from '../store/curves.ts';
import type { Store } from '../store/runStore.ts';

/** All figures of a run, of one moment. */
export interface RunHistory {
  readonly run: Run;
  readonly curves: Curves;
  readonly evaluations: readonly Evaluation[];
}

/** Throws a `usage` LabError for a run that has recorded nothing yet. */
export function readHistory(store: Store, id: string): RunHistory {
  const history = store.atOneMoment(() => ({ run: store.getRun(id), curves: store.curves(id, store.stepMetricNames(id)), evaluations: store.evaluations(id) }));
  if (history.curves.steps.length > 0 || history.evaluations.length > 0) return history;
  throw new LabError('usage', `Run ${history.run.id} has recorded nothing yet.`, 'Train it first.');
}
