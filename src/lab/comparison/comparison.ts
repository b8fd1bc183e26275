import {
  verdictMetric,
  type Baseline,
  type BestValue,
  type ComparedRun,
  type Comparison,
} from '../../shared/comparison.ts';
import { conditionsOf } from '../../shared/configuration/comparability.ts';
import type { Evaluation, Run } from '../../shared/history.ts';
import { metricNames, type MetricName } from '../../shared/metrics.ts';
import type { Store } from '../store/runStore.ts';
import { andList } from '../../shared/andList.ts';
import { compareRecipes } from './recipes.ts';
import { stepFigures, type StepFigures } from './stepFigures.ts';
import { unequalSteps } from './unequalSteps.ts';
import { untrainedEncoders } from './untrained.ts';

/** Compares runs given by id or its beginning. */
export function compareRuns(store: Store, ids: readonly string[]): Comparison {
  const runs = [...new Map(ids.map((id) => store.getRun(id)).map((run) => [run.id, run])).values()];
  const figures = new Map(runs.map(({ id }) => [id, stepFigures(store, id)]));
  const evaluations = new Map([...figures].map(([id, each]) => [id, each.evaluations]));
  const baselines = findBaselines(runs, evaluations);
  const nameOf = distinctNames(runs);
  const compared = runs.map((run) =>
    compareRun(
      run,
      nameOf(run),
      figures.get(run.id)!,
      baselines.find((baseline) => baseline.runs.includes(run.id)) ?? null,
    ),
  );
  const measured = new Set([...evaluations.values()].flat().flatMap(({ metrics }) => Object.keys(metrics)));
  const recipes = compareRecipes(runs, compared);
  return {
    metrics: metricNames.filter((name) => measured.has(name)),
    baselines,
    runs: compared.sort(byVerdict),
    recipes,
    untrained: untrainedEncoders(runs, compared),
    warnings: differences(runs),
    notes: unequalSteps(recipes),
  };
}

function compareRun(run: Run, name: string, figures: StepFigures, baseline: Baseline | null): ComparedRun {
  const { evaluations } = figures;
  const trained = evaluations.filter(({ step }) => step > 0);
  return {
    id: run.id,
    name,
    experiment: run.experiment,
    dataset: run.dataset.name,
    configuration: run.configuration,
    recipe: run.recipe,
    seed: run.seed,
    state: run.state,
    failure: run.failure,
    device: run.start?.device ?? null,
    parameters: run.start?.parameters ?? null,
    training_seconds: run.training_seconds,
    peak_memory_bytes: run.peak_memory_bytes,
    steps_done: run.steps_done,
    steps_per_epoch: run.start?.steps_per_epoch ?? null,
    baseline,
    best: bestOfEach(trained),
    last: trained.at(-1)?.metrics ?? {},
    hashes: run.start?.hashes ?? null,
    ...figures,
  };
}

/** The earliest of equally good evaluations; NaN only where no evaluation gave a number. */
function bestOfEach(evaluations: readonly Evaluation[]): ComparedRun['best'] {
  const best: Partial<Record<MetricName, BestValue>> = {};
  for (const { step, metrics } of evaluations) {
    for (const [name, value] of Object.entries(metrics) as [MetricName, number][]) {
      const known = best[name];
      if (!known || value > known.value || (Number.isNaN(known.value) && !Number.isNaN(value)))
        best[name] = { value, step };
    }
  }
  return best;
}

function byVerdict(a: ComparedRun, b: ComparedRun): number {
  const rank = (run: ComparedRun): number => {
    const value = run.best[verdictMetric]?.value ?? NaN;
    return Number.isNaN(value) ? -1 : value;
  };
  return rank(b) - rank(a);
}

// --- Baselines ----------------------------------------------------------------------------------

/** What an evaluation of the untrained encoder depends on, in the words of a warning. */
function conditions(run: Run): Record<string, unknown> {
  const { hashes } = run.start ?? {};
  return {
    dataset: hashes?.dataset,
    split: hashes?.split,
    'initial weights': hashes?.weights,
    tokenizer: hashes?.tokenizer,
    ...conditionsOf(run.configuration, 'start'),
  };
}

/** One baseline for all runs that began under the same conditions. */
function findBaselines(runs: readonly Run[], evaluations: ReadonlyMap<string, readonly Evaluation[]>): Baseline[] {
  const groups = Map.groupBy(
    runs.filter(({ start }) => start),
    (run) => JSON.stringify(conditions(run)),
  );
  const found = [...groups.values()].flatMap((group) => {
    const ids = group.map(({ id }) => id);
    const untrained = ids.flatMap((id) => evaluations.get(id)!).find(({ step }) => step === 0);
    return untrained ? [{ runs: ids, metrics: untrained.metrics }] : [];
  });
  if (found.length < 2) return found.map((baseline) => ({ ...baseline, name: 'untrained' }));
  const seeds = found.map((baseline) =>
    [...new Set(runs.filter(({ id }) => baseline.runs.includes(id)).map(({ seed }) => seed))].join(),
  );
  const bySeed = new Set(seeds).size === found.length && seeds.every((each) => !each.includes(','));
  return found.map((baseline, index) => ({
    ...baseline,
    name: bySeed ? `untrained, seed ${seeds[index]}` : `untrained ${index + 1}`,
  }));
}

/** What follows from a seed: runs with different seeds differ in it as they should, runs with the same must not. */
const ofSeed: readonly string[] = ['split', 'initial weights', 'tokenizer', 'batch plan'];

/** What differs between runs beside recipe and seed, in words. */
function differences(runs: readonly Run[]): string[] {
  const started = runs.filter(({ start }) => start);
  const differing = (ofRun: (run: Run) => Record<string, unknown>): string[] => {
    const described = started.map((run) => ({ seed: run.seed, values: ofRun(run) }));
    const distinct = (key: string, among: typeof described): boolean =>
      new Set(among.map(({ values }) => values[key])).size > 1;
    const groups = [...Map.groupBy(described, ({ seed }) => seed).values()];
    return Object.keys(described[0]?.values ?? {}).filter((key) =>
      ofSeed.includes(key) ? groups.some((group) => distinct(key, group)) : distinct(key, described),
    );
  };
  const begin = differing(conditions);
  const training = differing((run) => {
    const { device, hashes } = run.start!;
    return { 'batch plan': hashes.plan, device, ...conditionsOf(run.configuration, 'training') };
  });
  const warnings: string[] = [];
  if (begin.length > 0)
    warnings.push(`The runs differ in ${andList(begin)}: compare each run only with its untrained row.`);
  if (training.length > 0)
    warnings.push(`The runs differ in ${andList(training)}: they were not trained under the same conditions.`);
  const splits = new Set(started.map(({ start }) => start!.hashes.split));
  if (new Set(started.map(({ seed }) => seed)).size > 1 && splits.size > 1)
    warnings.push(
      'The runs have different seeds and different splits: compare losses within a seed, and each run with its untrained row.',
    );
  return warnings;
}

// --- Names --------------------------------------------------------------------------------------

/** A name alone where it is enough, else with the seed, else with the id's code. */
function distinctNames(runs: readonly Run[]): (run: Run) => string {
  const namings: ((run: Run) => string)[] = [({ name }) => name, ({ name, seed }) => `${name}, seed ${seed}`];
  const distinct = namings.find((naming) => new Set(runs.map(naming)).size === runs.length);
  return distinct ?? (({ name, id }) => `${name}, ${id.split('-')[0]}`);
}
