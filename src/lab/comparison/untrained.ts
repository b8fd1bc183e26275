import type { ComparedRun, UntrainedEncoder } from '../../shared/comparison.ts';
import type { Run } from '../../shared/history.ts';
import { spreadsOf } from '../../shared/metricSpreads.ts';

/** Runs that began from one kind of encoder: under conditions in which only the seed differs. */
interface UntrainedGroup {
  /** `untrained`, numbered when there are several. */
  readonly name: string;
  readonly runs: readonly Run[];
}

/** The rule for tables, charts and the verdict. */
export function groupUntrained(runs: readonly Run[]): UntrainedGroup[] {
  const groups = [
    ...Map.groupBy(runs, ({ configuration: { limit, test_size, split_method, encoder }, dataset }) =>
      JSON.stringify([dataset.hash, limit, test_size, split_method, encoder]),
    ).values(),
  ];
  return groups.map((group, i) => ({ name: groups.length === 1 ? 'untrained' : `untrained ${i + 1}`, runs: group }));
}

/** Each kind of encoder before training, its seeds as one: initial weights may follow from the seed. */
export function untrainedEncoders(runs: readonly Run[], compared: readonly ComparedRun[]): UntrainedEncoder[] {
  const byId = new Map(compared.map((run) => [run.id, run]));
  return groupUntrained(runs.filter(({ id }) => byId.get(id)!.baseline)).map(({ name, runs: group }) => {
    const bySeed = new Map(group.map(({ id, seed }) => [seed, byId.get(id)!.baseline!.metrics]));
    return {
      name,
      runs: group.map(({ id }) => id),
      seeds: [...bySeed.keys()].sort((a, b) => a - b),
      metrics: spreadsOf([...bySeed.values()]),
    };
  });
}
