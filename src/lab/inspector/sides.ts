import { inspectorBaselines, type InspectedSide } from '../../shared/contract/inspector.ts';
import type { Run } from '../../shared/history.ts';
import type { Store } from '../store/runStore.ts';

/**
 * Two sides by their names: a run stands for its recipe with all its seeds; `untrained` and `bm25` for what the runs
 * of the other side began from and were tested on, or `runs` where that is none either.
 */
export function sidesOf(store: Store, names: readonly [string, string], runs: readonly string[]): [InspectedSide, InspectedSide] {
  const found = names.map((name) => (isBaseline(name) ? [] : seedsOf(store, store.getRun(name)))) as [string[], string[]];
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

/** Runs of the same experiment and recipe that have been trained to their end, this one among them. */
function seedsOf(store: Store, run: Run): string[] {
  const same = store.listRuns({ experiment: run.experiment }).filter((other) => other.name === run.name && JSON.stringify(other.recipe) === JSON.stringify(run.recipe));
  const finished = same.filter(({ state }) => state === 'finished');
  return (finished.some(({ id }) => id === run.id) ? finished : [run]).map(({ id }) => id);
}
