import type { ReportRequest } from '../../shared/contract/reports.ts';
import type { Store } from '../store/runStore.ts';
import { verdictOf } from '../verdict/contestants.ts';
import { latexTable } from './latexTable.ts';
import { makeReport } from './makeReport.ts';
import { perQueryCsv } from './perQueryCsv.ts';

/** A report on runs as the text of one file. Throws what their verdict throws. */
export async function reportText(store: Store, { runs, format, metric, band }: ReportRequest): Promise<string> {
  switch (format) {
    case 'html':
      return makeReport(store, runs, metric, band);
    case 'latex':
      return latexTable(await verdictOf(store, { runs, metric, at: 'last' }));
    case 'per_query':
      return [
        ...perQueryCsv(
          store,
          runs.map((run) => store.getRun(run)),
          metric,
        ),
      ].join('');
  }
}
