import type { MethodName } from '../../shared/contract/contract.ts';
import { exportRunFiles } from '../exporters/registry.ts';
import { exportRun } from '../exports/exportRun.ts';
import { compareRuns } from '../reports/comparison.ts';
import { comparisonToCsv } from '../reports/csv.ts';
import { verdictOf } from '../verdict/entrants.ts';
import type { Implementations, ServiceContext } from './context.ts';

/** Runs side by side, of whatever experiments. */
export function runMethods({ store }: ServiceContext): Implementations<Extract<MethodName, `runs.${string}`>> {
  return {
    'runs.compare': ({ runs }) => store.atOneMoment(() => compareRuns(store, runs)),
    'runs.series': ({ runs, names }) => store.atOneMoment(() => runs.map((run) => ({ run: store.getRun(run).id, ...store.curves(run, names) }))),
    'runs.seriesNames': ({ runs }) => [...new Set(runs.flatMap((run) => store.stepMetricNames(run)))].sort(),
    'runs.verdict': (question) => verdictOf(store, question),
    'runs.exportEncoder': ({ run, format }) => exportRun(store, store.getRun(run), format),
    'runs.exportFiles': ({ runs, format }) => exportRunFiles(store, runs, format),
    'runs.exportCsv': ({ runs }) => ({ csv: store.atOneMoment(() => comparisonToCsv(compareRuns(store, runs))) }),
  };
}
