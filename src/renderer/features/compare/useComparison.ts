import { computed, onScopeDispose, shallowRef, watch, type Ref } from 'vue';
import type { Comparison } from '../../../shared/comparison.ts';
import type { StepSeries } from '../../../shared/contract/experiments.ts';
import { lab } from '../../rpc/client.ts';
import type { Bm25 } from '../../../shared/comparison/rows.ts';

/** What a comparison shows, fetched from the lab. */
export interface LoadedComparison {
  readonly comparison: Readonly<Ref<Comparison | null>>;
  /** Names of what was recorded at steps. */
  readonly seriesNames: Readonly<Ref<readonly string[]>>;
  /** By run, with the columns that were asked for so far. */
  readonly series: Readonly<Ref<ReadonlyMap<string, StepSeries>>>;
  /** Comes when it has been computed: seconds, where nobody asked for it before. */
  readonly bm25: Readonly<Ref<Bm25>>;
  readonly failure: Readonly<Ref<unknown>>;
  reload(): Promise<void>;
}

/** Follows the runs, and fetches curves only by the names that are needed. */
export function useComparison(runs: Ref<readonly string[]>, neededSeries: Ref<readonly string[]>): LoadedComparison {
  const comparison = shallowRef<Comparison | null>(null);
  const seriesNames = shallowRef<readonly string[]>([]);
  const series = shallowRef<ReadonlyMap<string, StepSeries>>(new Map());
  const bm25 = shallowRef<Bm25>(null);
  const failure = shallowRef<unknown>(null);
  const key = computed(() => runs.value.join(','));
  let latest = 0;

  async function load(): Promise<void> {
    const asked = ++latest;
    if (runs.value.length === 0) {
      comparison.value = null;
      return;
    }
    try {
      const ids = [...runs.value];
      const [found, names] = await Promise.all([
        lab.call('runs.compare', { runs: ids }),
        lab.call('runs.seriesNames', { runs: ids }),
      ]);
      if (asked !== latest) return;
      comparison.value = found;
      seriesNames.value = names;
      failure.value = null;
      await loadSeries();
    } catch (error) {
      if (asked === latest) failure.value = error;
    }
  }

  async function loadSeries(): Promise<void> {
    const names = neededSeries.value.filter((name) => seriesNames.value.includes(name));
    if (names.length === 0 || runs.value.length === 0) return;
    const asked = latest;
    const found = await lab.call('runs.series', { runs: [...runs.value], names });
    if (asked === latest) series.value = new Map(found.map((each) => [each.run, each]));
  }

  /** It knows no training, and so is asked for once, whatever the runs come to. */
  async function loadBm25(): Promise<void> {
    bm25.value = null;
    const asked = key.value;
    if (runs.value.length === 0) return;
    const found = await lab.call('runs.bm25', { runs: [...runs.value] });
    if (asked === key.value) bm25.value = found;
  }

  async function catching(action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      failure.value = error;
    }
  }

  watch(key, load, { immediate: true });
  watch(key, () => catching(loadBm25), { immediate: true });
  watch(
    () => neededSeries.value.join(','),
    () => catching(loadSeries),
  );
  onScopeDispose(lab.onReconnect(() => void load()));

  return { comparison, seriesNames, series, bm25, failure, reload: load };
}
