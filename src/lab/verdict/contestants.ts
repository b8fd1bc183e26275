import type { Comparison } from '../../shared/comparison.ts';
import { computeUnits } from '../../shared/compute.ts';
import type { Run } from '../../shared/history.ts';
import { healthTitles } from '../../shared/health.ts';
import { evaluationAt, pointOf } from '../../shared/leaderboard.ts';
import { metricDescriptions, type MetricName } from '../../shared/metrics.ts';
import type { Verdict, VerdictPoint } from '../../shared/verdict.ts';
import { LabError } from '../../shared/errors.ts';
import { findingsOf } from '../diagnostics/runDiagnostics.ts';
import { bm25OfRuns, withAnalyzer } from '../evaluation/bm25OfRuns.ts';
import type { Home } from '../files/home.ts';
import { compareRuns } from '../comparison/comparison.ts';
import { groupUntrained } from '../comparison/untrained.ts';
import type { Store } from '../store/runStore.ts';
import { judge, type ObservedContestant, type Observation } from './judge.ts';

/** What a verdict compares. Without a limit, a compute point uses the smallest total of any run. */
export interface VerdictQuestion {
  readonly runs: readonly string[];
  readonly metric: MetricName;
  readonly at: VerdictPoint['at'];
  readonly limit?: number | undefined;
}

/**
 * Judges runs of the history, with the untrained encoder and BM25. Throws a `usage` or `data` LabError if they cannot
 * be compared.
 */
export async function verdictOf(store: Store, { runs: ids, metric, at, limit }: VerdictQuestion): Promise<Verdict> {
  const runs = [...new Map(ids.map((id) => store.getRun(id)).map((run) => [run.id, run])).values()];
  const comparison = compareRuns(store, ids);
  const point = pointOf(comparison, at, limit);
  if (!point)
    throw new LabError(
      'usage',
      'None of these runs has been evaluated after training began.',
      'Wait for their first evaluation.',
    );
  const bm25 = await bm25Of(store.home, runs, metric);
  const recipes = recipesOf(store, comparison, metric, point);
  const contestants = [...recipes, ...untrainedOf(store, runs, metric), ...bm25.contestants];
  const left = runs.filter(({ id }) => !recipes.some((recipe) => recipe.runs.includes(id)));
  return judge(contestants, metric, point, {
    warnings: [
      ...warningsOf(comparison, point, left, contestants),
      ...bm25.warnings,
      ...healthWarnings(store, comparison),
    ],
    notes: comparison.notes,
  });
}

// --- Who is compared -----------------------------------------------------------------------------

/** Each recipe with its runs that have a value at the point. */
function recipesOf(
  store: Store,
  { recipes, runs }: Comparison,
  metric: MetricName,
  point: VerdictPoint,
): ObservedContestant[] {
  const byId = new Map(runs.map((run) => [run.id, run]));
  return recipes.flatMap(({ name, runs: ids }) => {
    const evaluated = ids.flatMap((id) => {
      const run = byId.get(id)!;
      const evaluation = evaluationAt(run.evaluations, metric, point);
      return evaluation ? [{ run, evaluation }] : [];
    });
    if (evaluated.length === 0) return [];
    return [
      {
        kind: 'recipe',
        name,
        runs: evaluated.map(({ run }) => run.id),
        observations: evaluated.map(({ run, evaluation }) => observe(store, run, evaluation.step, metric)),
      },
    ];
  });
}

/** The untrained encoder: one contestant for each set of conditions, with an observation for each seed. */
function untrainedOf(store: Store, runs: readonly Run[], metric: MetricName): ObservedContestant[] {
  const begun = runs.filter(({ id, start }) => start && store.evaluations(id).some(({ step }) => step === 0));
  return groupUntrained(begun).map(({ name, runs: group }) => {
    const bySeed = [...new Map(group.map((run) => [run.seed, run])).values()];
    return { kind: 'untrained', name, runs: [], observations: bySeed.map((run) => observe(store, run, 0, metric)) };
  });
}

/** BM25 on the test questions of each seed; excluded without the dataset. */
async function bm25Of(
  home: Home,
  runs: readonly Run[],
  metric: MetricName,
): Promise<{ contestants: ObservedContestant[]; warnings: string[] }> {
  const without = (reason: string): { contestants: ObservedContestant[]; warnings: string[] } => ({
    contestants: [],
    warnings: [`BM25 is excluded: ${reason}`],
  });
  if (metric.startsWith('standardized/'))
    return without('the candidates of standardised metrics depend on the batch size.');
  if (new Set(runs.map(({ dataset }) => dataset.hash)).size !== 1)
    return without('the runs are on different datasets.');
  const found = await bm25OfRuns(home, [...new Map(runs.map((run) => [run.seed, run])).values()]);
  const observations: Observation[] = [];
  for (const { runs: ofSeeds, results, missing } of found) {
    if (!results) return without(missing!);
    for (const { seed } of ofSeeds)
      observations.push({ seed, questions: results.question_ids, values: results.values[metric]! });
  }
  return {
    contestants: [
      {
        kind: 'bm25',
        name: `BM25${[...new Set(found.flatMap(({ results }) => (results ? [withAnalyzer(results.analyzer)] : [])))].join('')}`,
        runs: [],
        observations,
      },
    ],
    warnings: [],
  };
}

function observe(store: Store, { id, seed }: Pick<Run, 'id' | 'seed'>, step: number, metric: MetricName): Observation {
  const { question_ids, values } = store.perQuery(id, step, metric);
  return { seed, questions: question_ids, values };
}

// --- What is less than fair ----------------------------------------------------------------------

function warningsOf(
  { warnings }: Comparison,
  point: VerdictPoint,
  left: readonly Run[],
  contestants: readonly ObservedContestant[],
): string[] {
  const seeds = new Set(contestants.flatMap(({ observations }) => observations.map(({ seed }) => seed)));
  const compute = (computeUnits as readonly string[]).includes(point.at) ? ' within the limit' : '';
  return [
    ...warnings,
    ...left.map(
      ({ name, id }) =>
        `${name} (${id.split('-')[0]}) is excluded: it was not evaluated${compute} after training began.`,
    ),
    ...(point.at === 'best'
      ? [
          'The best evaluation of each run is chosen on the same questions that the verdict compares: differences look larger than they are.',
        ]
      : []),
    ...(seeds.size === 1
      ? ['Only one seed: the effect of random initial weights and order is unknown. Train several seeds to measure it.']
      : []),
  ];
}

/** Problems of a run may come from its settings and not from its loss. */
function healthWarnings(store: Store, { runs }: Comparison): string[] {
  return runs.flatMap(({ id, name }) =>
    findingsOf(store, id).map(
      ({ kind, step }) =>
        `${name}: ${healthTitles[kind].toLowerCase()} at step ${step}. Run "losslab show ${id.split('-')[0]}" for details.`,
    ),
  );
}

/** Throws a `usage` LabError for a name that is not a metric. */
export function parseMetric(name: string): MetricName {
  const known = metricDescriptions.find((metric) => metric.name === name);
  if (known) return known.name;
  throw new LabError(
    'usage',
    `"${name}" is not a metric.`,
    `Metrics: ${metricDescriptions.map((metric) => metric.name).join(', ')}.`,
  );
}
