import type { MetricName } from '../../shared/metrics.ts';
import type { Run } from '../../shared/history.ts';
import type { Store } from '../store/runStore.ts';
import { toCsv } from '../../shared/csv.ts';

/**
 * What each run found on each test question, as CSV: one row per run, evaluation and question, with
 * the metric's value before training (step 0) and at the last evaluation.
 */
export function* perQueryCsv(store: Store, runs: readonly Run[], metric: MetricName): Generator<string, void> {
  yield toCsv([['run', 'name', 'seed', 'step', 'question', metric]]);
  for (const { id, name, seed } of runs) {
    const steps = store.evaluations(id).map(({ step }) => step);
    for (const step of new Set([steps[0], steps.at(-1)].filter((each) => each !== undefined))) {
      const { question_ids, values } = store.perQuery(id, step, metric);
      for (const [i, question] of question_ids.entries())
        yield toCsv([[id, name, seed, step, question, Number.isNaN(values[i]!) ? null : values[i]!]]);
    }
  }
}
