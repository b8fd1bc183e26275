import type { ComparedRun, ComparedRecipe } from '../../../shared/comparison.ts';
import type { RunHashes } from '../../../shared/history.ts';
import type { Spread } from '../../../shared/spread.ts';
import { formatMeanCount } from '../../../shared/format.ts';

/** Whether runs were trained under the same conditions, and where not, between which of them. */

export interface Condition {
  readonly title: string;
  /** `by seed`: the same for all runs of a seed, as it is meant to be for what a seed decides. */
  readonly state: 'same' | 'by seed' | 'differs';
  /** What there is of it, with the runs that have it; one without any where it is the same for all. */
  readonly values: readonly { readonly value: string; readonly full: string; readonly names: string }[];
}

const hashed: Readonly<Record<keyof RunHashes, string>> = {
  dataset: 'Dataset',
  split: 'Split',
  plan: 'Batch plan',
  weights: 'Initial weights',
  tokenizer: 'Tokenizer',
};

/** The hashes of runs that have started, side by side. */
export function hashConditions(runs: readonly ComparedRun[]): Condition[] {
  const started = runs.filter(({ hashes }) => hashes !== null);
  if (started.length === 0) return [];
  return (Object.keys(hashed) as (keyof RunHashes)[]).map((key) =>
    hashCondition(hashed[key], started, (run) => run.hashes![key]),
  );
}

function hashCondition(title: string, runs: readonly ComparedRun[], of: (run: ComparedRun) => string): Condition {
  const groups = [...Map.groupBy(runs, of)];
  const shown = (value: string, names: string): Condition['values'][number] => ({
    value: value.slice(0, 8),
    full: value,
    names,
  });
  if (groups.length === 1) return { title, state: 'same', values: [shown(groups[0]![0], '')] };
  const seeds = [...Map.groupBy(runs, ({ seed }) => seed)].sort(([a], [b]) => a - b);
  if (seeds.every(([, members]) => new Set(members.map(of)).size === 1)) {
    return { title, state: 'by seed', values: seeds.map(([seed, [first]]) => shown(of(first!), `seed ${seed}`)) };
  }
  return {
    title,
    state: 'differs',
    values: groups.map(([value, members]) => shown(value, members.map(({ name }) => name).join(', '))),
  };
}

/** How many texts a step encodes, and with how many wrong answers a question is compared: facts about strategies and losses. */
export function amountConditions(recipes: readonly ComparedRecipe[]): Condition[] {
  return [
    ...amountCondition('Texts per step', recipes, ({ texts_per_step }) => texts_per_step),
    ...amountCondition('Negatives per question', recipes, ({ negatives_per_question }) => negatives_per_question),
  ];
}

function amountCondition(
  title: string,
  recipes: readonly ComparedRecipe[],
  of: (recipe: ComparedRecipe) => Spread | null,
): Condition[] {
  const known = recipes.filter((recipe) => of(recipe) !== null);
  if (known.length === 0) return [];
  const groups = [...Map.groupBy(known, (recipe) => formatMeanCount(of(recipe)!.mean))];
  if (groups.length === 1) return [{ title, state: 'same', values: [{ value: groups[0]![0], full: '', names: '' }] }];
  return [
    {
      title,
      state: 'differs',
      values: groups.map(([value, members]) => ({
        value,
        full: '',
        names: members.map(({ name }) => name).join(', '),
      })),
    },
  ];
}
