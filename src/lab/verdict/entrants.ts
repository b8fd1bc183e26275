import type { Comparison } from '../../shared/comparison.ts';
import { toRawConfiguration } from '../../shared/rawConfiguration.ts';
import type { Evaluation, Run } from '../../shared/history.ts';
import { metricDescriptions, type MetricName } from '../../shared/metrics.ts';
import { computeUnits, type ComputeUnit, type Verdict, type VerdictPoint } from '../../shared/verdict.ts';
import { LabError } from '../../shared/errors.ts';
import { listAllDatasets } from '../data/findDataset.ts';
import { bm25Results } from '../evaluation/bm25Baseline.ts';
import type { Home } from '../store/home.ts';
import { compareRuns } from '../reports/comparison.ts';
import type { Store } from '../store/runStore.ts';
import { judge, type Entrant, type Observation } from './judge.ts';

/** What a verdict is asked about. Without a limit, a compute point takes the least that any run has used in all. */
export interface VerdictQuestion {
  readonly runs: readonly string[];
  readonly metric: MetricName;
  readonly at: VerdictPoint['at'];
  readonly limit?: number | undefined;
}

/**
 * Judges runs of the history, with the untrained encoder and BM25 among them. Throws a `usage` or
 * `data` LabError where that cannot be.
 */
export async function verdictOf(store: Store, { runs: ids, metric, at, limit }: VerdictQuestion): Promise<Verdict> {
  const runs = [...new Map(ids.map((id) => store.getRun(id)).map((run) => [run.id, run])).values()];
  const point = pointOf(store, runs, at, limit);
  const evaluated = runs.flatMap((run) => {
    const evaluation = evaluationAt(store, run, metric, point);
    return evaluation ? [{ run, evaluation }] : [];
  });
  const left = runs.filter((run) => !evaluated.some((each) => each.run === run));
  const bm25 = await bm25Of(store.home, runs, metric);
  const entrants = [...recipesOf(store, evaluated, metric), ...untrainedOf(store, runs, metric), ...bm25.entrants];
  return judge(entrants, metric, point, [...warningsOf(compareRuns(store, ids), point, left, entrants), ...bm25.warnings]);
}

// --- Where runs are compared ---------------------------------------------------------------------

function pointOf(store: Store, runs: readonly Run[], at: VerdictPoint['at'], limit: number | undefined): VerdictPoint {
  if (at === 'last' || at === 'best') return { at };
  const used = runs.flatMap((run) => {
    const last = store.evaluations(run.id).at(-1);
    return last && last.step > 0 ? [computeAt(store, run, last, at)] : [];
  });
  if (used.length === 0) throw new LabError('usage', 'None of these runs has been evaluated after training began.', 'Wait for their first evaluation.');
  return { at, limit: limit ?? Math.min(...used) };
}

/** Null for a run that was not evaluated since training began, or not within the limit. */
function evaluationAt(store: Store, run: Run, metric: MetricName, point: VerdictPoint): Evaluation | null {
  const trained = store.evaluations(run.id).filter(({ step, metrics }) => step > 0 && Number.isFinite(metrics[metric] ?? NaN));
  switch (point.at) {
    case 'last':
      return trained.at(-1) ?? null;
    case 'best':
      return trained.reduce<Evaluation | null>((best, each) => (best === null || each.metrics[metric]! > best.metrics[metric]! ? each : best), null);
    default:
      return trained.findLast((each) => computeAt(store, run, each, point.at) <= point.limit) ?? null;
  }
}

/** What a run had used when it was evaluated. */
function computeAt(store: Store, run: Run, { step, training_seconds }: Evaluation, unit: ComputeUnit): number {
  if (unit === 'seconds') return training_seconds;
  const values = store.stepMetrics(run.id, unit).filter((each) => each.step <= step);
  // Documents are counted from the beginning, tokens step by step.
  return unit === 'documents' ? (values.at(-1)?.value ?? 0) : values.reduce((sum, { value }) => sum + value, 0);
}

// --- Who is compared -----------------------------------------------------------------------------

function recipesOf(store: Store, evaluated: readonly { readonly run: Run; readonly evaluation: Evaluation }[], metric: MetricName): Entrant[] {
  const groups = [...Map.groupBy(evaluated, ({ run }) => recipeKey(run)).values()];
  const names = distinctNames(groups.map(([first]) => first!.run));
  return groups.map((group, i) => ({
    kind: 'recipe',
    name: names[i]!,
    runs: group.map(({ run }) => run.id),
    observations: group.map(({ run, evaluation }) => observe(store, run, evaluation.step, metric)),
  }));
}

/** Equal for runs of one experiment that differ in their seed only. */
function recipeKey({ experiment, configuration, id, seed }: Run): string {
  const { seed: _, ...rest } = toRawConfiguration({ ...configuration, split_seed: configuration.split_seed ?? seed });
  return JSON.stringify([experiment, rest, configuration.split_seed === undefined ? id : null]);
}

function distinctNames(runs: readonly Run[]): string[] {
  const alone = (run: Run): boolean => runs.filter(({ name }) => name === run.name).length === 1;
  return runs.map((run) => (alone(run) ? run.name : `${run.name} (${run.id.split('-')[0]})`));
}

/** The encoder before training: one entrant, with an observation for each seed, for each set of conditions. */
function untrainedOf(store: Store, runs: readonly Run[], metric: MetricName): Entrant[] {
  const begun = runs.filter(({ id, start }) => start && store.evaluations(id).some(({ step }) => step === 0));
  const groups = [...Map.groupBy(begun, ({ configuration, dataset }) => JSON.stringify([dataset.hash, configuration.limit, configuration.test_size, configuration.encoder])).values()];
  return groups.map((group, i) => {
    const bySeed = [...new Map(group.map((run) => [run.seed, run])).values()];
    return { kind: 'untrained', name: groups.length === 1 ? 'untrained' : `untrained ${i + 1}`, runs: [], observations: bySeed.map((run) => observe(store, run, 0, metric)) };
  });
}

/** BM25 on the test questions of each seed; without the dataset it takes no part. */
async function bm25Of(home: Home, runs: readonly Run[], metric: MetricName): Promise<{ entrants: Entrant[]; warnings: string[] }> {
  const datasets = new Set(runs.map(({ dataset }) => dataset.hash));
  if (metric.startsWith('standardized/')) return { entrants: [], warnings: ['BM25 takes no part: the candidates of standardised metrics depend on the batch size.'] };
  if (datasets.size !== 1) return { entrants: [], warnings: ['BM25 takes no part: the runs are on different datasets.'] };
  const { name, hash } = runs[0]!.dataset;
  const dataset = (await listAllDatasets(home)).find((each) => 'manifest' in each && each.manifest.content.sha256 === hash);
  if (!dataset || 'error' in dataset) return { entrants: [], warnings: [`BM25 takes no part: the dataset "${name}" is no longer here as it was.`] };
  const observations: Observation[] = [];
  for (const { seed, configuration } of new Map(runs.map((run) => [run.seed, run])).values()) {
    const split = { limit: configuration.limit, testSize: configuration.test_size, seed: configuration.split_seed ?? seed };
    const { question_ids, values } = await bm25Results(dataset, split, home.cache);
    observations.push({ seed, questions: question_ids, values: values[metric]! });
  }
  return { entrants: [{ kind: 'bm25', name: 'BM25', runs: [], observations }], warnings: [] };
}

function observe(store: Store, run: Run, step: number, metric: MetricName): Observation {
  const { question_ids, values } = store.perQuery(run.id, step, metric);
  return { seed: run.seed, questions: question_ids, values };
}

// --- What is less than fair ----------------------------------------------------------------------

function warningsOf({ warnings }: Comparison, point: VerdictPoint, left: readonly Run[], entrants: readonly Entrant[]): string[] {
  const seeds = new Set(entrants.flatMap(({ observations }) => observations.map(({ seed }) => seed)));
  const compute = (computeUnits as readonly string[]).includes(point.at) ? ' within the limit' : '';
  return [
    ...warnings,
    ...left.map(({ name, id }) => `${name} (${id.split('-')[0]}) takes no part: it was not evaluated${compute} after training began.`),
    ...(point.at === 'best' ? ['The best evaluation of each run is chosen by the very questions it is judged by: differences look larger than they are.'] : []),
    ...(seeds.size === 1 ? ['One seed only: how much depends on the luck of initial weights and order is not known. Train several seeds to know.'] : []),
  ];
}

/** Throws a `usage` LabError for a name that is no metric. */
export function parseMetric(name: string): MetricName {
  const known = metricDescriptions.find((metric) => metric.name === name);
  if (known) return known.name;
  throw new LabError('usage', `"${name}" is not a metric.`, `Metrics: ${metricDescriptions.map((metric) => metric.name).join(', ')}.`);
}
