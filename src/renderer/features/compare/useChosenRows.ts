import { computed, ref, watch, type Ref } from 'vue';
import { baselineStyle, lineStyle, type LineStyle } from '../../charts/palette.ts';
import type { Row } from './columns.ts';

export interface ChosenRows {
  readonly chosen: Readonly<Ref<ReadonlySet<string>>>;
  readonly styles: Readonly<Ref<ReadonlyMap<string, LineStyle>>>;
  toggle(id: string): void;
  /** Shows this row's line alone; again, all of them. */
  isolate(id: string): void;
  setAll(on: boolean): void;
}

/** Which rows the charts show, and in which colours: a run keeps its colour whatever is chosen or sorted. */
export function useChosenRows(rows: Ref<readonly Row[]>, runOrder: Ref<readonly string[]>): ChosenRows {
  const hidden = ref<ReadonlySet<string>>(new Set());
  const ids = computed(() => rows.value.map(({ id }) => id));
  const chosen = computed(() => new Set(ids.value.filter((id) => !hidden.value.has(id))));
  const styles = computed(() => {
    const places = new Map(runOrder.value.map((id, index) => [id, index]));
    return new Map(rows.value.map(({ id, run }) => [id, run ? lineStyle(places.get(id) ?? 0) : baselineStyle]));
  });
  watch(() => runOrder.value.join(','), () => (hidden.value = new Set()));

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

  return { chosen, styles, toggle, isolate, setAll };
}
