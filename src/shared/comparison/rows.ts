import type { Bm25Baseline, ComparedRecipe, ComparedRun, Comparison, MetricSpreads } from '../comparison.ts';
import { settingsOf, type Settings } from './settings.ts';
import { spreadsOf } from '../metricSpreads.ts';

/** The lines of the comparison table: recipes with all their seeds or single runs, and what they have to be better than. */
export type Row = BaselineRow | RecipeRow | RunRow;

export type RowsBy = 'recipe' | 'run';

interface CommonRow {
  readonly id: string;
  readonly name: string;
  readonly runs: readonly ComparedRun[];
}

/** The untrained encoder, or BM25. */
export interface BaselineRow extends CommonRow {
  readonly kind: 'untrained' | 'bm25';
  /** What it is, or why there is nothing of it. */
  readonly note: string;
  /** Null while it is being computed. */
  readonly metrics: MetricSpreads | null;
}

export interface RecipeRow extends CommonRow {
  readonly kind: 'recipe';
  readonly recipe: ComparedRecipe;
  readonly settings: Settings;
}

export interface RunRow extends CommonRow {
  readonly kind: 'run';
  readonly run: ComparedRun;
  readonly settings: Settings;
}

export function isBaseline(row: Row): row is BaselineRow {
  return row.kind === 'untrained' || row.kind === 'bm25';
}

/** What BM25 has come to so far: null while it is being computed. */
export type Bm25 = readonly Bm25Baseline[] | null;

/** Baselines first, then recipes or runs as the lab orders them. */
export function rowsOf(comparison: Comparison, bm25: Bm25, by: RowsBy): Row[] {
  const untrained = by === 'recipe' ? untrainedOfRecipes(comparison) : untrainedOfRuns(comparison);
  return [
    ...untrained,
    ...bm25Rows(comparison, bm25),
    ...(by === 'recipe' ? recipeRows(comparison) : runRows(comparison.runs)),
  ];
}

export function runRows(runs: readonly ComparedRun[]): RunRow[] {
  return runs.map((run) => ({ kind: 'run', id: run.id, name: run.name, run, runs: [run], settings: settingsOf(run) }));
}

function recipeRows({ recipes, runs }: Comparison): RecipeRow[] {
  return recipes.map((recipe) => {
    const own = runsOf(recipe, runs);
    // Seeds are all that its runs may differ in.
    const settings = { ...settingsOf(own[0]!), seed: recipe.seeds.join(', ') };
    return { kind: 'recipe', id: recipeRowId(recipe), name: recipe.name, recipe, runs: own, settings };
  });
}

export function recipeRowId({ name }: Pick<ComparedRecipe, 'name'>): string {
  return `recipe/${name}`;
}

/** In the order of their seeds. */
export function runsOf(recipe: ComparedRecipe, runs: readonly ComparedRun[]): ComparedRun[] {
  return recipe.runs.map((id) => runs.find((run) => run.id === id)!);
}

/** Rows that have something to show: not those of baselines that could not be computed. */
export function measuredRows(rows: readonly Row[]): Row[] {
  return rows.filter((row) => !isBaseline(row) || Object.keys(row.metrics ?? {}).length > 0);
}

// --- Baselines ----------------------------------------------------------------------------------

const untrainedNote = 'before any training';

function untrainedOfRuns({ baselines, runs }: Comparison): BaselineRow[] {
  return baselines.map(({ name, metrics, runs: ids }) => ({
    kind: 'untrained',
    id: `untrained/${name}`,
    name,
    note: untrainedNote,
    metrics: spreadsOf([metrics]),
    runs: runs.filter(({ id }) => ids.includes(id)),
  }));
}

function untrainedOfRecipes({ untrained, runs }: Comparison): BaselineRow[] {
  return untrained.map(({ name, metrics, runs: ids }) => ({
    kind: 'untrained',
    id: `untrained/${name}`,
    name,
    note: untrainedNote,
    metrics,
    runs: runs.filter(({ id }) => ids.includes(id)),
  }));
}

/** Its line is there from the beginning, so that nothing moves once it has been computed. */
function bm25Rows({ runs }: Comparison, bm25: Bm25): BaselineRow[] {
  if (!bm25) return [{ kind: 'bm25', id: 'bm25/BM25', name: 'BM25', note: 'being computed …', metrics: null, runs }];
  return bm25.map(({ name, metrics, missing, runs: ids }) => ({
    kind: 'bm25',
    id: `bm25/${name}`,
    name,
    note: missing ?? 'word matching, without a model',
    metrics: metrics ? spreadsOf([metrics]) : {},
    runs: runs.filter(({ id }) => ids.includes(id)),
  }));
}
