import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, type as systemType } from 'node:os';
import { applicationFile } from '../base/applicationFiles.ts';
import { manifestOfRun } from '../data/findDataset.ts';
import type { Run } from '../../shared/history.ts';
import type { MetricName } from '../../shared/metrics.ts';
import type { BandKind } from '../../shared/spread.ts';
import { bm25Baselines } from '../evaluation/bm25OfRuns.ts';
import type { Store } from '../store/runStore.ts';
import { verdictOf } from '../verdict/contestants.ts';
import { compareRuns } from '../comparison/comparison.ts';
import { htmlReport } from './htmlReport.ts';

/** The report of some runs, as one HTML file. Throws what their verdict throws. */
export async function makeReport(
  store: Store,
  ids: readonly string[],
  metric: MetricName,
  band: BandKind,
): Promise<string> {
  const runs = ids.map((id) => store.getRun(id));
  const comparison = compareRuns(store, ids);
  const bm25 = await bm25Baselines(store.home, runs);
  // Loaded when needed: the chart library takes longer to load than most commands run.
  const [{ renderComparisonChart }, { renderFrontierChart }] = await Promise.all([
    import('./chart.ts'),
    import('./frontierChart.ts'),
  ]);
  const experiments = [...new Set(runs.map(({ experiment }) => store.getExperiment(experiment).name))];
  return htmlReport({
    title: experiments.join(', '),
    verdict: await verdictOf(store, { runs: ids, metric, at: 'last' }),
    comparison,
    bm25,
    chart: renderComparisonChart(comparison, bm25, band),
    frontier: renderFrontierChart(comparison, bm25, band),
    environment: environment(),
    attribution: await attributionOf(store, runs),
    made: new Date().toISOString(),
  });
}

function environment(): Record<string, string> {
  const { version } = JSON.parse(readFileSync(applicationFile('package.json'), 'utf8')) as { version: string };
  return {
    LossLab: version,
    'Node.js': process.version,
    System: `${systemType()} ${process.arch}`,
    Processor: `${cpus()[0]?.model.trim() ?? 'unknown'}, ${availableParallelism()} threads`,
  };
}

/** Whose texts the data is, where it says so and is still there. */
async function attributionOf({ home }: Store, runs: readonly Run[]): Promise<string | null> {
  const words: string[] = [];
  for (const run of new Map(runs.map((each) => [each.dataset.hash, each])).values()) {
    const manifest = await manifestOfRun(home, run);
    if (!manifest?.attribution && !manifest?.licence) continue;
    const { name, attribution, licence } = manifest;
    words.push(`${name}: ${[attribution, licence && `Licence: ${licence}.`].filter(Boolean).join(' ')}`);
  }
  return words.length > 0 ? words.join(' ') : null;
}
