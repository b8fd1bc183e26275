import { bm25Style, seriesStyle, untrainedStyle, type SeriesStyle } from '../charts/palette.ts';
import type { Comparison } from '../comparison.ts';
import { isBaseline, recipeRowId, type BaselineRow, type Row } from './rows.ts';

/**
 * How the rows and runs of a comparison are drawn, everywhere: a recipe keeps its colour whatever comes of it and
 * however it is sorted, and its seeds share it; baselines are grey.
 */
export function stylesOf({ recipes }: Comparison, rows: readonly Row[]): ReadonlyMap<string, SeriesStyle> {
  return new Map([
    ...recipes.flatMap((recipe) =>
      [recipeRowId(recipe), ...recipe.runs].map((id): [string, SeriesStyle] => [id, seriesStyle(recipe.place)]),
    ),
    ...rows.filter(isBaseline).map((row): [string, SeriesStyle] => [row.id, baselineStyleOf(row)]),
  ]);
}

export function baselineStyleOf({ kind }: Pick<BaselineRow, 'kind'>): SeriesStyle {
  return kind === 'bm25' ? bm25Style : untrainedStyle;
}
