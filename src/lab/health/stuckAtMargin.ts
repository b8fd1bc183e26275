import type { LossChoice } from '../../shared/recipe.ts';
import { formatDecimal } from '../../shared/format.ts';
import type { Detector, HealthStep } from './detector.ts';

const stepsInARow = 30;
/** Of the margin: how near the loss is to it. */
const closeness = 0.02;
/** Positives and negatives so similar on average: all embeddings are about one. */
const alike = 0.98;

/** The margin of a loss that has one and is stuck at it when all embeddings are equal; null for any other. */
export function marginOf(loss: LossChoice): number | null {
  if (loss.name === 'triplet') return loss.parameters.margin;
  return loss.name === 'batch_triplet' && !loss.parameters.soft_margin ? loss.parameters.margin : null;
}

/**
 * Where all embeddings are equal a triplet loss equals its margin, and has no gradient that would lead
 * away: the usual end of mining the hardest negatives too early (Schroff et al. 2015; Hermans et al. 2017).
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
        message: `For ${stepsInARow} steps the loss has been its margin (${formatDecimal(event.loss, 4)}, margin ${margin}), with right and wrong answers equally close (${formatDecimal(event.metrics.avg_pos_sim!, 3)} and ${formatDecimal(event.metrics.avg_neg_sim!, 3)}): all embeddings are the same, and nothing leads away from there.`,
        fix: 'Begin anew with a lower learning_rate and warmup_steps, mining "semi_hard" or "all" instead of "hardest", or soft_margin.',
      };
    },
  };
}
