import { computed, ref, watch, type Ref } from 'vue';
import type { ComparedRun, Comparison } from '../../../shared/comparison.ts';
import { baselineStyle, bm25Style, lineStyle, type LineStyle } from '../../charts/palette.ts';
import { isBaseline, recipeRowId, type Row, type RowsBy } from './rows.ts';

export interface ChosenRows {
  readonly chosen: Readonly<Ref<ReadonlySet<string>>>;
  /** Of rows, and of the runs of recipes. */
  readonly styles: Readonly<Ref<ReadonlyMap<string, LineStyle>>>;
  /** The runs of the chosen rows. */
  readonly runs: Readonly<Ref<readonly ComparedRun[]>>;
  toggle(id: string): void;
  /** Shows this row's line alone; again, all of them. */
  isolate(id: string): void;
  setAll(on: boolean): void;
}

/** Which rows the charts show, and in which colours: a recipe keeps its colour whatever is chosen or sorted, and its seeds share it. */
export function useChosenRows(
  comparison: Ref<Comparison | null>,
  rows: Ref<readonly Row[]>,
  by: Ref<RowsBy>,
  runOrder: Ref<readonly string[]>,
): ChosenRows {
  const hidden = ref<ReadonlySet<string>>(new Set());
  const ids = computed(() => rows.value.map(({ id }) => id));
  const chosen = computed(() => new Set(ids.value.filter((id) => !hidden.value.has(id))));
  const styles = computed(
    () =>
      new Map([
        ...stylesOfRecipes(comparison.value, runOrder.value),
        ...rows.value
          .filter(isBaseline)
          .map(({ id, kind }): [string, LineStyle] => [id, kind === 'bm25' ? bm25Style : baselineStyle]),
      ]),
  );
  const runs = computed(() =>
    rows.value.filter((row) => !isBaseline(row) && chosen.value.has(row.id)).flatMap((row) => row.runs),
  );
  watch([() => runOrder.value.join(','), by], () => (hidden.value = new Set()));

  function toggle(id: string): void {
    const next = new Set(hidden.value);
    if (!next.delete(id)) next.add(id);
    hidden.value = next;
  }

  function isolate(id: string): void {
    const alone = chosen.value.size === 1 && chosen.value.has(id);
    hidden.value = new Set(alone ? [] : ids.value.filter((other) => other !== id));
  }

  function setAll(on: boolean): void {
    hidden.value = new Set(on ? [] : ids.value);
  }

  return { chosen, styles, runs, toggle, isolate, setAll };
}

/** By recipe row and by run, in the order in which the runs were asked for. */
function stylesOfRecipes(comparison: Comparison | null, runOrder: readonly string[]): [string, LineStyle][] {
  const places = new Map(runOrder.map((id, index) => [id, index]));
  const first = (ids: readonly string[]): number =>
    ids.reduce((least, id) => Math.min(least, places.get(id) ?? Infinity), Infinity);
  const recipes = (comparison?.recipes ?? []).toSorted((a, b) => first(a.runs) - first(b.runs));
  return recipes.flatMap((recipe, index) =>
    [recipeRowId(recipe), ...recipe.runs].map((id): [string, LineStyle] => [id, lineStyle(index)]),
  );
}
