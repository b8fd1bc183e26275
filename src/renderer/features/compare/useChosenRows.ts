import { computed, ref, watch, type Ref } from 'vue';
import type { ComparedRun, Comparison } from '../../../shared/comparison.ts';
import type { SeriesStyle } from '../../../shared/charts/palette.ts';
import { isBaseline, type Row, type RowsBy } from '../../../shared/comparison/rows.ts';
import { stylesOf } from '../../../shared/comparison/styles.ts';

export interface ChosenRows {
  readonly chosen: Readonly<Ref<ReadonlySet<string>>>;
  /** Of rows, and of the runs of recipes. */
  readonly styles: Readonly<Ref<ReadonlyMap<string, SeriesStyle>>>;
  /** The runs of the chosen rows. */
  readonly runs: Readonly<Ref<readonly ComparedRun[]>>;
  toggle(id: string): void;
  /** Shows this row's line alone; again, all of them. */
  isolate(id: string): void;
  setAll(on: boolean): void;
}

/** Which rows the charts show, and how they are drawn. */
export function useChosenRows(
  comparison: Ref<Comparison | null>,
  rows: Ref<readonly Row[]>,
  by: Ref<RowsBy>,
  runOrder: Ref<readonly string[]>,
): ChosenRows {
  const hidden = ref<ReadonlySet<string>>(new Set());
  const ids = computed(() => rows.value.map(({ id }) => id));
  const chosen = computed(() => new Set(ids.value.filter((id) => !hidden.value.has(id))));
  const styles = computed(() => (comparison.value ? stylesOf(comparison.value, rows.value) : new Map()));
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
