import { computed, ref, watch, type Ref } from 'vue';
import { inspectorBaselines } from '../../../shared/contract/inspector.ts';
import { useLatest } from '../../lib/useLatest.ts';
import { lab } from '../../rpc/client.ts';
import { baselineTitles, recipesOf } from './model.ts';

/** More columns than this are a lot to look at: further ones can be ticked. */
const columnsAtFirst = 5;

/** The runs that can be looked into, and which of them stand side by side. */
export function useInspectedRuns(runs: Ref<readonly string[]>) {
  const { answer, failure, busy, ask } = useLatest(
    () => (runs.value.length > 0 ? { runs: [...runs.value] } : null),
    (asked) => lab.call('runs.compare', asked),
  );
  const chosen = ref<ReadonlySet<string>>(new Set());
  const recipes = computed(() => recipesOf(answer.value?.recipes ?? []));
  watch(answer, (comparison) => {
    if (!comparison) return;
    // One seed of each says most; the others can be ticked.
    chosen.value = new Set([...inspectorBaselines, ...recipes.value.slice(0, columnsAtFirst).map(({ key }) => key)]);
  });

  const choices = computed(() => [
    ...inspectorBaselines.map((key) => ({ key, title: baselineTitles[key], group: 'Without training', help: '' })),
    ...recipes.value.flatMap(({ name, runs: seeds }) =>
      seeds.map(({ id, seed }) => ({
        key: id,
        title: seeds.length > 1 ? `${name}, seed ${seed}` : name,
        group: 'Runs',
        help: '',
      })),
    ),
  ]);
  const columns = computed(() => ({
    runs: choices.value.filter(({ key, group }) => group === 'Runs' && chosen.value.has(key)).map(({ key }) => key),
    baselines: inspectorBaselines.filter((key) => chosen.value.has(key)),
  }));
  return { recipes, choices, chosen, columns, failure, busy, ask };
}
