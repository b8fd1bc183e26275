import type { Bm25Baseline } from '../../../shared/comparison.ts';
import type { MethodName } from '../../../shared/contract/contract.ts';
import { bm25Baselines } from '../../evaluation/bm25OfRuns.ts';
import { exportRunFiles } from '../../export/runs/registry.ts';
import { exportRun } from '../../export/encoders/exportRun.ts';
import { compareRuns } from '../../comparison/comparison.ts';
import { comparisonToCsv } from '../../reports/csv.ts';
import { reportText } from '../../reports/reportText.ts';
import { verdictOf } from '../../verdict/contestants.ts';
import type { Implementations, ServiceContext } from '../context.ts';

/** Methods for runs of any experiments. */
export function runMethods({ store }: ServiceContext): Implementations<Extract<MethodName, `runs.${string}`>> {
  const bm25OfIds = (runs: readonly string[]): Promise<Bm25Baseline[]> =>
    bm25Baselines(
      store.home,
      runs.map((run) => store.getRun(run)),
    );
  return {
    'runs.compare': ({ runs }) => store.atOneMoment(() => compareRuns(store, runs)),
    'runs.bm25': ({ runs }) => bm25OfIds(runs),
    'runs.series': ({ runs, names }) =>
      store.atOneMoment(() => runs.map((run) => ({ run: store.getRun(run).id, ...store.curves(run, names) }))),
    'runs.seriesNames': ({ runs }) => [...new Set(runs.flatMap((run) => store.stepMetricNames(run)))].sort(),
    'runs.verdict': (question) => verdictOf(store, question),
    'runs.exportEncoder': ({ run, format }) => exportRun(store, store.getRun(run), format),
    'runs.exportFiles': ({ runs, format }) => exportRunFiles(store, runs, format),
    'runs.exportReport': async (request) => ({ text: await reportText(store, request) }),
    'runs.exportCsv': async ({ runs }) => {
      const bm25 = await bm25OfIds(runs);
      return {
        csv: comparisonToCsv(
          store.atOneMoment(() => compareRuns(store, runs)),
          bm25,
        ),
      };
    },
  };
}
