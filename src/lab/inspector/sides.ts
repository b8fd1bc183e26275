import { inspectorBaselines, type InspectedSide } from '../../shared/contract/inspector.ts';
import type { Run } from '../../shared/history.ts';
import { groupBySeed } from '../comparison/recipeGroups.ts';
import type { Store } from '../store/runStore.ts';

/**
 * Two sides by their names: a run stands for its recipe with all its seeds; `untrained` and `bm25` for what the runs
 * of the other side began from and were tested on, or `runs` where that is none either.
 */
export function sidesOf(
  store: Store,
  names: readonly [string, string],
  runs: readonly string[],
): [InspectedSide, InspectedSide] {
  const found = names.map((name) => (isBaseline(name) ? [] : seedsOf(store, store.getRun(name)))) as [
    string[],
    string[],
  ];
  const others = (side: 0 | 1): string[] => (found[1 - side]!.length > 0 ? found[1 - side]! : [...runs]);
  const side = (index: 0 | 1): InspectedSide => {
    const name = names[index];
    return isBaseline(name) ? { kind: name, runs: others(index) } : { kind: 'recipe', runs: found[index] };
  };
  return [side(0), side(1)];
}

function isBaseline(name: string): name is (typeof inspectorBaselines)[number] {
  return (inspectorBaselines as readonly string[]).includes(name);
}

/** This run, and those of its experiment that differ in the seed only and have been trained to their end. */
function seedsOf(store: Store, run: Run): string[] {
  const finished = store
    .listRuns({ experiment: run.experiment })
    .filter(({ id, state }) => state === 'finished' || id === run.id);
  return groupBySeed(finished)
    .find(({ runs }) => runs.some(({ id }) => id === run.id))!
    .runs.map(({ id }) => id);
}
