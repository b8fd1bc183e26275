import type { LogEntry } from '../../../shared/contract/experiments.ts';
import type { HealthFinding } from '../../../shared/health.ts';
import { seriesStyle } from '../../../shared/charts/palette.ts';
import type { DiagnosedRun } from '../diagnostics/diagnosedRuns.ts';
import type { ChartedRun } from './liveCharts.ts';
import type { LiveExperiment } from './liveExperiment.ts';

/** What evaluations tell of why runs win or fail; runs that were not evaluated yet are left out. */
export function diagnosedRuns(evaluations: LiveExperiment['evaluations'], runs: readonly ChartedRun[]): DiagnosedRun[] {
  return runs.flatMap(({ id, name }, index) => {
    const measured = evaluations.get(id);
    if (!measured) return [];
    const diagnosed = measured.flatMap(({ step, training_seconds, diagnostics }) =>
      diagnostics ? [{ step, training_seconds, diagnostics }] : [],
    );
    // Steps come many times a second: their charts are those of the chosen run (liveCharts.ts).
    return [{ id, name, style: seriesStyle(index), evaluations: diagnosed, zeroLoss: null }];
  });
}

export interface FoundInRun extends HealthFinding {
  readonly run: string;
  readonly name: string;
}

/**
 * What the health guard has found, one of a kind for each run: a run that went back to a checkpoint may find it
 * again. `before` again where there is nothing new.
 */
export function findingsIn(
  log: readonly LogEntry[],
  runs: readonly ChartedRun[],
  before?: readonly FoundInRun[],
): readonly FoundInRun[] {
  const names = new Map(runs.map(({ id, name }) => [id, name]));
  const found = log.flatMap(({ run, event }): FoundInRun[] =>
    event.type === 'health'
      ? [
          {
            run,
            name: names.get(run) ?? run,
            kind: event.kind,
            step: event.step,
            message: event.message,
            fix: event.fix,
          },
        ]
      : [],
  );
  const distinct = [...new Map(found.map((finding) => [`${finding.run}/${finding.kind}`, finding])).values()];
  return distinct.length === before?.length ? before : distinct;
}
