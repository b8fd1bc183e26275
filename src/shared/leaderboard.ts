import type { ComparedEvaluation, Comparison } from './comparison.ts';
import { equalLimit, lastWithin, type Compute } from './compute.ts';
import type { MetricName } from './metrics.ts';
import { spreadOf, type Spread } from './spread.ts';
import type { VerdictPoint } from './verdict.ts';

/** A recipe where it is compared, with its seeds as one. */
export interface LeaderboardRow {
  readonly name: string;
  /** Ids of those of its runs that have a value there. */
  readonly runs: readonly string[];
  /** Null where none of its runs has one. */
  readonly value: Spread | null;
  /** What the runs had spent by then, on average; null where there is no value. */
  readonly compute: Compute | null;
}

/** Recipes by their mean at one point, highest first: the order that the verdict judges. Without a value comes last. */
export function leaderboard(
  { recipes, runs }: Pick<Comparison, 'recipes' | 'runs'>,
  metric: MetricName,
  point: VerdictPoint,
): LeaderboardRow[] {
  const evaluationsOf = new Map(runs.map(({ id, evaluations }) => [id, evaluations]));
  return recipes
    .map(({ name, runs: ids }) => {
      const found = ids.flatMap((id) => {
        const evaluation = evaluationAt(evaluationsOf.get(id)!, metric, point);
        return evaluation ? [{ id, evaluation }] : [];
      });
      const compute = (unit: keyof Compute): number =>
        found.reduce((sum, { evaluation }) => sum + evaluation.compute[unit], 0) / found.length;
      return {
        name,
        runs: found.map(({ id }) => id),
        value: spreadOf(found.map(({ evaluation }) => evaluation.metrics[metric]!)),
        compute:
          found.length > 0
            ? { seconds: compute('seconds'), documents: compute('documents'), tokens: compute('tokens') }
            : null,
      };
    })
    .sort((a, b) => (b.value?.mean ?? -1) - (a.value?.mean ?? -1));
}

/** Null for a run that has no finite value since training began, or not within the limit. */
export function evaluationAt(
  evaluations: readonly ComparedEvaluation[],
  metric: MetricName,
  point: VerdictPoint,
): ComparedEvaluation | null {
  const trained = evaluations.filter(({ step, metrics }) => step > 0 && Number.isFinite(metrics[metric] ?? NaN));
  switch (point.at) {
    case 'last':
      return trained.at(-1) ?? null;
    case 'best':
      return trained.reduce<ComparedEvaluation | null>(
        (best, each) => (best === null || each.metrics[metric]! > best.metrics[metric]! ? each : best),
        null,
      );
    default:
      return lastWithin(trained, point.at, point.limit);
  }
}

/** Where runs are compared; without a limit, at the least that any of them has spent. Null where none was evaluated after training began. */
export function pointOf(
  { runs }: Pick<Comparison, 'runs'>,
  at: VerdictPoint['at'],
  limit?: number,
): VerdictPoint | null {
  if (at === 'last' || at === 'best') return { at };
  const most =
    limit ??
    equalLimit(
      runs.map(({ evaluations }) => evaluations),
      at,
    );
  return most === null ? null : { at, limit: most };
}
