import { createHash } from 'node:crypto';
import { valuesOf } from '../../../shared/configuration.ts';
import type { MetricValues } from '../../../shared/comparison.ts';
import type { Run, RunHashes } from '../../../shared/history.ts';
import type { Analyzer } from '../../evaluation/analyzers.ts';
import { bm25OfRuns, meansOf, withAnalyzer } from '../../evaluation/bm25OfRuns.ts';
import type { Store } from '../../store/runStore.ts';
import { distinct } from './names.ts';

/** What runs are compared with, as a run of its own: BM25, or an encoder before training. */
export type Baseline = Compared &
  ({ readonly kind: 'bm25'; readonly analyzer: Analyzer } | { readonly kind: 'untrained' });

interface Compared {
  /** The same for the same baseline in every export. */
  readonly id: string;
  readonly title: string;
  /** The runs that are compared with it; at least one. */
  readonly runs: readonly Run[];
  readonly metrics: MetricValues;
}

export interface Baselines {
  readonly found: readonly Baseline[];
  /** Why others are missing, in sentences. */
  readonly missing: readonly string[];
}

/** Its settings, under the keys of configurations where there is one. */
export function baselineSettings(baseline: Baseline): Record<string, unknown> {
  const { title, runs } = baseline;
  if (baseline.kind === 'bm25') return { name: title, analyzer: baseline.analyzer };
  const { encoder, seed } = valuesOf(runs[0]!.configuration);
  return { name: title, encoder, seed };
}

/** The last step of the runs that are compared with it: its figures are drawn as lines up to there. */
export function lastStepOf({ runs }: Baseline): number {
  return Math.max(...runs.map(({ steps_done }) => steps_done));
}

/** BM25 for each test split of the runs, and each encoder that they began with. */
export async function baselinesOf(store: Store, runs: readonly Run[]): Promise<Baselines> {
  const started = runs.filter(({ start }) => start !== null);
  const bm25 = await bm25OfRuns(store.home, started);
  const found = [
    ...bm25.flatMap(({ runs: compared, results }): Baseline[] => {
      if (!results) return [];
      const { dataset, split } = compared[0]!.start!.hashes;
      return [
        {
          kind: 'bm25',
          id: `bm25-${shortHash([dataset, split, results.analyzer])}`,
          title: `BM25${withAnalyzer(results.analyzer)}`,
          runs: compared,
          metrics: meansOf(results),
          analyzer: results.analyzer,
        },
      ];
    }),
    ...untrainedOf(store, started),
  ];
  const titles = distinct(found.map(({ title }) => title));
  return {
    found: found.map((baseline, i) => ({ ...baseline, title: titles[i]! })),
    missing: bm25.flatMap(({ missing }) => (missing === null ? [] : [`BM25 is missing: ${missing}`])),
  };
}

/** Runs that began alike had one untrained encoder. Those that did not evaluate it have none. */
export function untrainedOf(store: Store, runs: readonly Run[]): Baseline[] {
  const groups = Map.groupBy(
    runs.filter(({ start }) => start !== null),
    ({ start }) => beginning(start!.hashes),
  );
  return [...groups].flatMap(([hash, alike]): Baseline[] => {
    for (const run of alike) {
      const evaluation = store.evaluations(run.id).find(({ step }) => step === 0);
      if (!evaluation) continue;
      return [
        {
          kind: 'untrained',
          id: `untrained-${hash}`,
          title: groups.size === 1 ? 'untrained' : `untrained, seed ${run.seed}`,
          runs: [run, ...alike.filter((other) => other !== run)],
          metrics: evaluation.metrics,
        },
      ];
    }
    return [];
  });
}

function beginning({ dataset, split, weights, tokenizer }: RunHashes): string {
  return shortHash([dataset, split, weights, tokenizer]);
}

function shortHash(parts: readonly (string | undefined)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 12);
}
