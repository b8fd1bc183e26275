import type { DiagnosedStep } from '../diagnostics.ts';
import type { HealthFinding } from '../health.ts';

/** Why runs win or fail, as screens see it. */

export interface RunDiagnostics {
  readonly run: string;
  /** With its seed where its recipe is among the runs with several. */
  readonly name: string;
  /** Ascending by step; empty for runs of versions before embeddings were diagnosed. */
  readonly evaluations: readonly DiagnosedStep[];
  /** Share of a batch's examples whose loss is zero, by step; null for a loss that never is. */
  readonly zeroLoss: { readonly steps: Float64Array; readonly values: Float64Array } | null;
  readonly findings: readonly HealthFinding[];
}

/** How far the losses of several recipes pull an encoder in the same direction: see docs/diagnostics.md. */
export interface GradientComparison {
  /** Names of the recipes. */
  readonly recipes: readonly string[];
  /** Batches of the plan that were used. */
  readonly batches: number;
  /** By the weights at which gradients were taken, the untrained ones first. */
  readonly points: readonly GradientPoint[];
}

export interface GradientPoint {
  /** The recipe whose trained weights these are; null for the untrained ones. */
  readonly trainedBy: string | null;
  /** Mean L2 norm of each recipe's gradient; null where no batch has anything for it. */
  readonly norms: readonly (number | null)[];
  readonly pairs: readonly GradientPair[];
}

/** Two recipes by their place in `recipes`, the first before the second. */
export interface GradientPair {
  readonly first: number;
  readonly second: number;
  /** Mean cosine of the two gradients over the batches, −1 to 1; null where no batch has gradients of both. */
  readonly cosine: number | null;
  /** Standard deviation over the batches; null for fewer than two. */
  readonly deviation: number | null;
  /** Batches that have gradients of both, neither of them zero. */
  readonly batches: number;
}
