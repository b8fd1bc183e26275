import type { ComparedRecipe } from '../../../shared/comparison.ts';
import type { InspectedSide, Inspection, InspectorBaseline } from '../../../shared/contract/inspector.ts';

/** What the inspector shows, worked out from what the lab answers. */

/** A recipe with its seeds, as it can be chosen for a comparison question by question. */
export interface RecipeChoice {
  /** The id of its first run. */
  readonly key: string;
  readonly name: string;
  readonly runs: readonly { readonly id: string; readonly seed: number }[];
}

export const baselineTitles: Readonly<Record<InspectorBaseline, string>> = {
  untrained: 'Untrained encoder',
  bm25: 'BM25',
};

export function recipesOf(recipes: readonly Pick<ComparedRecipe, 'name' | 'runs' | 'seeds'>[]): RecipeChoice[] {
  return recipes.map(({ name, runs, seeds }) => ({
    key: runs[0]!,
    name,
    runs: runs.map((id, index) => ({ id, seed: seeds[index]! })),
  }));
}

/** The side that a name in an address stands for: a baseline, or the recipe of a run; null for anything else. */
export function sideOf(name: string, recipes: readonly RecipeChoice[], other: string): InspectedSide | null {
  const recipe = recipeOf(name, recipes);
  if (recipe) return { kind: 'recipe', runs: recipe.runs.map(({ id }) => id) };
  if (name !== 'untrained' && name !== 'bm25') return null;
  const runs = (recipeOf(other, recipes) ?? recipes[0])?.runs.map(({ id }) => id) ?? [];
  return { kind: name, runs };
}

export function recipeOf(run: string, recipes: readonly RecipeChoice[]): RecipeChoice | undefined {
  return recipes.find(({ runs }) => runs.some(({ id }) => id === run));
}

/** An answer in the list of one column. */
export interface ListedPlace {
  /** Index of `Inspection.answers`. */
  readonly answer: number;
  readonly rank: number;
  readonly similarity: number;
  /** Places nearer to the top than in the ranked column to the left; null in the first. */
  readonly gained: number | null;
  /** Whether ranks are left out before it: an own answer beyond the first ones. */
  readonly afterGap: boolean;
}

/** The first places of a column and, wherever they stand, the question's own answers. Empty where it has no ranking. */
export function listedPlaces({ answers, columns, top }: Inspection, index: number): ListedPlace[] {
  const left = columns.slice(0, index).findLast(({ problem }) => problem === null);
  const listed = columns[index]!.places.map(({ rank, similarity }, answer) => ({
    answer,
    rank,
    similarity,
    gained: left ? left.places[answer]!.rank - rank : null,
  }))
    .filter(({ answer, rank }) => rank <= top || answers[answer]!.role !== 'other')
    .sort((a, b) => a.rank - b.rank);
  return listed.map((place, at) => ({ ...place, afterGap: at > 0 && place.rank > listed[at - 1]!.rank + 1 }));
}

/** The same answer in two neighbouring lists: its place from the top in each, from 0. */
export function linksBetween(
  left: readonly ListedPlace[],
  right: readonly ListedPlace[],
): { readonly answer: number; readonly from: number; readonly to: number }[] {
  const places = new Map(right.map(({ answer }, at) => [answer, at]));
  return left.flatMap(({ answer }, from) => (places.has(answer) ? [{ answer, from, to: places.get(answer)! }] : []));
}

/** An area under sorted differences as an SVG path, `differences.length` wide, from −1 below to 1 above a line at 1. */
export function differencePath(differences: Float32Array): string {
  if (differences.length === 0) return '';
  const steps = Array.from(differences, (difference, index) => `V${(1 - difference).toFixed(4)}H${index + 1}`);
  return `M0 1${steps.join('')}V1Z`;
}
