import type { DiagnosedStep } from '../diagnostics.ts';
import type { HealthFinding } from '../health.ts';

/** Types of diagnostics for screens: why runs win or fail. */

export interface RunDiagnostics {
  readonly run: string;
  /** Includes the seed if there are several runs of its recipe. */
  readonly name: string;
  /** Ascending by step; empty for runs of versions without diagnostics. */
  readonly evaluations: readonly DiagnosedStep[];
  /** Share of a batch's examples whose loss is zero, by step; null for a loss that is never zero. */
  readonly zeroLoss: { readonly steps: Float64Array; readonly values: Float64Array } | null;
  readonly findings: readonly HealthFinding[];
}

/** How similar the gradients of the losses of several recipes are: see docs/diagnostics.md. */
export interface GradientComparison {
  /** Names of the recipes. */
  readonly recipes: readonly string[];
  /** Number of batches of the plan that were used. */
  readonly batches: number;
  /** By the weights at which gradients were computed, the untrained ones first. */
  readonly points: readonly GradientPoint[];
}

export interface GradientPoint {
  /** The recipe with these trained weights; null for the untrained ones. */
  readonly trainedBy: string | null;
  /** Mean L2 norm of each recipe's gradient; null if no batch has examples for it. */
  readonly norms: readonly (number | null)[];
  readonly pairs: readonly GradientPair[];
}

/** Two recipes as indices of `recipes`, the lower first. */
export interface GradientPair {
  readonly first: number;
  readonly second: number;
  /** Mean cosine of the two gradients over the batches, −1 to 1; null if no batch has gradients of both. */
  readonly cosine: number | null;
  /** Standard deviation over the batches; null for fewer than two. */
  readonly deviation: number | null;
  /** Number of batches with non-zero gradients of both. */
  readonly batches: number;
}
