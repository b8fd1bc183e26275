import { diagnosticNames, type DiagnosedStep, type DiagnosticName } from '../../../shared/diagnostics.ts';
import { LabError } from '../../../shared/errors.ts';
import type { Evaluation, Run } from '../../../shared/history.ts';
import { valuesOf } from '../../../shared/configuration.ts';
import type { Curves } from '../../store/curves.ts';
import type { Store } from '../../store/runStore.ts';

/** All figures of a run, read at one moment. */
export interface RunHistory {
  readonly run: Run;
  readonly curves: Curves;
  readonly evaluations: readonly Evaluation[];
  readonly diagnosed: readonly DiagnosedStep[];
}

/** Throws a `usage` LabError for a run without records. */
export function readHistory(store: Store, id: string): RunHistory {
  const history = store.atOneMoment(() => ({
    run: store.getRun(id),
    curves: store.curves(id, store.stepMetricNames(id)),
    evaluations: store.evaluations(id),
    diagnosed: store.diagnosedSteps(id),
  }));
  if (history.curves.steps.length > 0 || history.evaluations.length > 0) return history;
  throw new LabError('usage', `Run ${history.run.id} has no records yet.`, 'Train it first.');
}

/** Every setting of a run by configuration key, defaults included: a search for a value finds all runs that have it. */
export function settingsOf({ configuration }: Run): Record<string, unknown> {
  return { ...valuesOf(configuration) };
}

/**
 * Estimated time, in milliseconds since 1970, at which a run had trained for a number of seconds: its start plus its
 * training time, because the time of each step is not stored. Pauses and evaluations are not counted.
 */
export function timeAt({ started, created }: Run, trainingSeconds: number): number {
  return Date.parse(started ?? created) + Math.round(trainingSeconds * 1000);
}

/** The diagnostics that an evaluation has. */
export function diagnosticFigures({
  diagnostics: { figures },
}: DiagnosedStep): [name: DiagnosticName, value: number][] {
  return diagnosticNames.flatMap((name): [DiagnosticName, number][] =>
    typeof figures[name] === 'number' ? [[name, figures[name]]] : [],
  );
}
