import { resolve } from 'node:path';
import { comparisonToCsv } from '../lab/reports/csv.ts';
import type { Comparison } from '../shared/comparison.ts';
import { compareRuns } from '../lab/reports/comparison.ts';
import { comparisonTable } from '../lab/reports/table.ts';
import { writeReport } from '../lab/reports/writeReport.ts';
import type { Store } from '../lab/store/runStore.ts';
import { print, say, type CommonOptions } from './output.ts';

export interface ReportFiles {
  readonly csv?: string;
  readonly png?: string;
}

/** Prints a comparison of runs and writes it to the files that were asked for. */
export async function reportComparison(store: Store, runs: readonly string[], files: ReportFiles, options: CommonOptions): Promise<Comparison> {
  const comparison = compareRuns(store, runs);
  print(options, comparison, () => `\n${comparisonTable(comparison, { colours: process.stdout.isTTY })}`);
  if (files.csv) await writeReport(files.csv, comparisonToCsv(comparison));
  if (files.png) {
    // Loaded when needed: the chart library takes longer to load than most commands run.
    const { renderComparisonChart } = await import('../lab/reports/chart.ts');
    await writeReport(files.png, renderComparisonChart(comparison));
  }
  for (const file of [files.csv, files.png]) if (file) say(options, `Written: ${resolve(file)}`);
  return comparison;
}
