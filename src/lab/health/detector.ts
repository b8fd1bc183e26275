import type { EvaluationEvent, StepEvent } from '../../shared/events.ts';
import type { HealthFinding, HealthKind } from '../../shared/health.ts';

/** What a detector is told of a training step. */
export type HealthStep = Pick<StepEvent, 'step' | 'loss' | 'gradient_norm' | 'metrics'>;
/** What a detector is told of an evaluation. */
export type HealthEvaluation = Pick<EvaluationEvent, 'step' | 'metrics' | 'per_query' | 'diagnostics'>;

/** Looks for one thing that can go wrong with a run, step by step; it is asked until it has found it. */
export interface Detector {
  readonly kind: HealthKind;
  onStep?(event: HealthStep): Diagnosis | null;
  onEvaluation?(event: HealthEvaluation): Diagnosis | null;
}

export type Diagnosis = Pick<HealthFinding, 'message' | 'fix'>;

/** The middle of some numbers, at least one; the lower of the two in the middle. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[(values.length - 1) >> 1]!;
}
