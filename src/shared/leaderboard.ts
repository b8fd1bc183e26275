import type { ComparedEvaluation, Comparison } from './comparison.ts';
import { equalLimit, lastWithin, type Compute } from './compute.ts';
import type { MetricName } from './metrics.ts';
import { spreadOf, type Spread } from './spread.ts';
import type { VerdictPoint } from './verdict.ts';

/** A recipe at the compared point, averaged over its seeds. */
export interface LeaderboardRow {
  readonly name: string;
  /** Ids of its runs that have a value there. */
  readonly runs: readonly string[];
  /** Null if no run has one. */
  readonly value: Spread | null;
  /** Mean cost of the runs until then; null if there is no value. */
  readonly compute: Compute | null;
}

/** Recipes by their mean at one point, highest first, in the order of the verdict. Recipes without a value are last. */
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

/**
 * The point of comparison; without a limit, the smallest cost of any run. Null if no run was evaluated after training
 * began.
 */
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
