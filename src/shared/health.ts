/** Problems of a run that continues. A loss that is not a number is a failure and ends the run. */

export const healthKinds = ['collapse', 'stuck_at_margin', 'exploding_gradients', 'loss_without_retrieval'] as const;
export type HealthKind = (typeof healthKinds)[number];

/** A finding of the health guard (src/lab/health/healthGuard.ts). */
export interface HealthFinding {
  readonly kind: HealthKind;
  readonly step: number;
  /** What was found, with its figures. */
  readonly message: string;
  /** What to try. */
  readonly fix: string;
}

export const healthTitles: Readonly<Record<HealthKind, string>> = {
  collapse: 'Embeddings have collapsed',
  stuck_at_margin: 'Stuck at the margin',
  exploding_gradients: 'Exploding gradients',
  loss_without_retrieval: 'Loss falls, retrieval falls',
};
