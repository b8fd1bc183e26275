import type { LossChoice } from '../../shared/recipe.ts';
import { formatDecimal } from '../../shared/format.ts';
import type { Detector, HealthStep } from './detector.ts';

const stepsInARow = 30;
/** Largest distance of the loss from the margin, as a share of the margin. */
const closeness = 0.02;
/** If positives and negatives are this similar on average, all embeddings are nearly equal. */
const alike = 0.98;

/** The margin of a loss that equals it when all embeddings are equal; null for other losses. */
export function marginOf(loss: LossChoice): number | null {
  if (loss.name === 'triplet') return loss.parameters.margin;
  return loss.name === 'batch_triplet' && !loss.parameters.soft_margin ? loss.parameters.margin : null;
}

/**
 * If all embeddings are equal, a triplet loss equals its margin and has no gradient away from it. This often happens
 * when the hardest negatives are mined too early (Schroff et al. 2015; Hermans et al. 2017).
 */
export function stuckAtMarginDetector(margin: number): Detector {
  let stuck = 0;
  const isStuck = ({ loss, metrics }: HealthStep): boolean =>
    Math.abs(loss - margin) <= closeness * margin &&
    (metrics.avg_pos_sim ?? NaN) >= alike &&
    (metrics.avg_neg_sim ?? NaN) >= alike;
  return {
    kind: 'stuck_at_margin',
    onStep(event) {
      stuck = isStuck(event) ? stuck + 1 : 0;
      if (stuck < stepsInARow) return null;
      return {
        message: `For ${stepsInARow} steps the loss has been equal to its margin (${formatDecimal(event.loss, 4)}, margin ${margin}), and right and wrong answers are equally close (${formatDecimal(event.metrics.avg_pos_sim!, 3)} and ${formatDecimal(event.metrics.avg_neg_sim!, 3)}): all embeddings are equal, and the loss has no gradient there.`,
        fix: 'Start a new run with a lower learning_rate and with warmup_steps, with mining "semi_hard" or "all" instead of "hardest", or with soft_margin.',
      };
    },
  };
}
