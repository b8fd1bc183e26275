import { computed, ref, watch, type Ref } from 'vue';
import { verdictMetric, type Comparison } from '../../../shared/comparison.ts';
import { computeUnits, type ComputeUnit } from '../../../shared/compute.ts';
import { pointOf } from '../../../shared/leaderboard.ts';
import type { MetricName } from '../../../shared/metrics.ts';
import type { VerdictPoint } from '../../../shared/verdict.ts';

/** By which metric and at which moment recipes are judged: one choice for verdict, leaderboard and the chart of quality against cost. */
export interface Judgement {
  readonly metric: Ref<MetricName>;
  readonly at: Ref<VerdictPoint['at']>;
  /** Of a budget; the most that all runs have spent, for as long as nobody has decided. Null where the moment is no budget. */
  readonly limit: Ref<number | null>;
  /** Of `limit`: what the first evaluation of any run had spent, and what the last one had. */
  readonly range: Readonly<Ref<{ readonly minimum: number; readonly maximum: number } | null>>;
  readonly point: Readonly<Ref<VerdictPoint | null>>;
}

export function isBudget(at: VerdictPoint['at']): at is ComputeUnit {
  return (computeUnits as readonly string[]).includes(at);
}

export function useJudgement(judged: Ref<Pick<Comparison, 'runs'>>): Judgement {
  const metric = ref<MetricName>(verdictMetric);
  const at = ref<VerdictPoint['at']>('last');
  const decided = ref<number | null>(null);
  watch(at, () => (decided.value = null));

  const point = computed(() => pointOf(judged.value, at.value, decided.value ?? undefined));
  const limit = computed({
    get: () => (point.value && 'limit' in point.value ? point.value.limit : null),
    set: (value) => (decided.value = value),
  });
  const range = computed(() => (isBudget(at.value) ? spentRange(judged.value, at.value) : null));
  return { metric, at, limit, range, point };
}

function spentRange(
  { runs }: Pick<Comparison, 'runs'>,
  unit: ComputeUnit,
): { minimum: number; maximum: number } | null {
  const spent = runs
    .flatMap(({ evaluations }) => evaluations.filter(({ step }) => step > 0).map(({ compute }) => compute[unit]))
    .filter(Number.isFinite);
  if (spent.length === 0) return null;
  return { minimum: spent.reduce((a, b) => Math.min(a, b)), maximum: spent.reduce((a, b) => Math.max(a, b)) };
}
