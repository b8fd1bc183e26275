import type { LogEntry, StepSeries, WatchedEvaluation } from '../../../shared/contract/experiments.ts';
import type { Store } from '../../store/runStore.ts';

/** How much of a run's history has been read: the last step, evaluation and event. */
export interface Cursor {
  readonly step: number;
  readonly evaluation: number;
  readonly event: number;
}

/** Before everything, including the evaluation at step 0. */
export const beginning: Cursor = { step: 0, evaluation: -1, event: 0 };

/** The records of a run after a cursor. */
export interface RunHistory {
  readonly series: StepSeries | null;
  readonly evaluations: readonly WatchedEvaluation[];
  readonly log: readonly LogEntry[];
  /** The cursor for the next reading. */
  readonly cursor: Cursor;
}

/**
 * Reads the records of a run after a cursor. If the run went back to a checkpoint meanwhile, the last valid step and
 * all evaluations are read again. A reader that replaces everything from the first of them on has correct data.
 */
export function readRunHistory(store: Store, run: string, from: Cursor): RunHistory {
  const log = store.events(run, from.event).map((entry) => ({ run, ...entry }));
  const resumedAt = Math.min(...log.map(({ event }) => (event.type === 'started' ? event.resumed_at : Infinity)));
  const wentBack = resumedAt < from.step || resumedAt < from.evaluation;
  const afterStep = wentBack ? resumedAt - 1 : from.step;
  const { steps, columns } = store.curves(run, store.stepMetricNames(run), afterStep);
  const afterEvaluation = wentBack ? beginning.evaluation : from.evaluation;
  const evaluations = withDiagnostics(store, run, afterEvaluation);
  return {
    series: steps.length > 0 ? { run, steps, columns } : null,
    evaluations,
    log,
    cursor: {
      step: steps.at(-1) ?? (wentBack ? Math.max(0, afterStep) : from.step),
      evaluation: evaluations.at(-1)?.step ?? afterEvaluation,
      event: log.at(-1)?.seq ?? from.event,
    },
  };
}

function withDiagnostics(store: Store, run: string, after: number): WatchedEvaluation[] {
  const diagnosed = new Map(store.diagnosedSteps(run, after).map(({ step, diagnostics }) => [step, diagnostics]));
  return store
    .evaluations(run, after)
    .map((evaluation) => ({ ...evaluation, diagnostics: diagnosed.get(evaluation.step) ?? null }));
}
