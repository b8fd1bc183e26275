import type { EvaluationEvent, StepEvent } from '../../shared/events.ts';
import type { HealthFinding, HealthKind } from '../../shared/health.ts';

/** What a detector gets for a training step. */
export type HealthStep = Pick<StepEvent, 'step' | 'loss' | 'gradient_norm' | 'metrics'>;
/** What a detector gets for an evaluation. */
export type HealthEvaluation = Pick<EvaluationEvent, 'step' | 'metrics' | 'per_query' | 'diagnostics'>;

/** Looks for one problem of a run, step by step, until it has found it. */
export interface Detector {
  readonly kind: HealthKind;
  onStep?(event: HealthStep): Diagnosis | null;
  onEvaluation?(event: HealthEvaluation): Diagnosis | null;
}

export type Diagnosis = Pick<HealthFinding, 'message' | 'fix'>;

/** The median of at least one number; the lower one if two are in the middle. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[(values.length - 1) >> 1]!;
}
