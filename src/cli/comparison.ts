import { resolve } from 'node:path';
import type { Comparison } from '../shared/comparison.ts';
import type { RowsBy } from '../shared/comparison/rows.ts';
import { LabError } from '../shared/errors.ts';
import type { BandKind } from '../shared/spread.ts';
import { bm25Baselines } from '../lab/evaluation/bm25OfRuns.ts';
import { compareRuns } from '../lab/comparison/comparison.ts';
import { comparisonToCsv } from '../lab/reports/csv.ts';
import { comparisonTable } from '../lab/reports/comparisonTable.ts';
import { writeReport } from '../lab/reports/writeReport.ts';
import type { Store } from '../lab/store/runStore.ts';
import { print, say, type CommonOptions } from './output.ts';

/** How to show a comparison, and which files to write. */
export interface ComparisonOptions {
  /** Rows of the table; by recipe if a recipe has several seeds. */
  readonly by?: RowsBy;
  readonly csv?: string;
  readonly png?: string;
  /** Band around the curves of the chart; the 95 % interval by default. */
  readonly band?: BandKind;
}

/** Prints a comparison of runs with BM25 and writes the requested files. */
export async function reportComparison(
  store: Store,
  runs: readonly string[],
  { by, csv, png, band = 'ci95' }: ComparisonOptions,
  options: CommonOptions,
): Promise<Comparison> {
  const comparison = compareRuns(store, runs);
  const bm25 = await bm25Baselines(
    store.home,
    runs.map((run) => store.getRun(run)),
  );
  const severalSeeds = comparison.recipes.some((recipe) => recipe.runs.length > 1);
  const rows = by ?? (severalSeeds ? 'recipe' : 'run');
  print(
    options,
    { ...comparison, bm25 },
    () => `\n${comparisonTable(comparison, bm25, rows, { colours: process.stdout.isTTY })}`,
  );
  if (csv) await writeReport(csv, comparisonToCsv(comparison, bm25));
  if (png) {
    // Loaded when needed: the chart library takes longer to load than most commands run.
    const { renderComparisonChart } = await import('../lab/reports/chart.ts');
    await writeReport(png, renderComparisonChart(comparison, bm25, band));
  }
  for (const file of [csv, png]) if (file) say(options, `Written: ${resolve(file)}`);
  return comparison;
}

/**
 * Prints the comparison of runs that have just ended. If it fails, the error says how to repeat it: the runs are
 * stored.
 */
export async function reportTrained(
  store: Store,
  runs: readonly string[],
  files: Pick<ComparisonOptions, 'csv' | 'png'>,
  options: CommonOptions,
): Promise<void> {
  try {
    await reportComparison(store, runs, files, options);
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    throw new LabError(
      error.code,
      error.message,
      `${error.fix}\nThe runs are stored. Compare them with: losslab compare ${runs.join(' ')}`,
      { cause: error },
    );
  }
}
