import { median, type Detector } from './detector.ts';
import { formatSignificant } from '../../shared/format.ts';

/** A norm of this many times the usual one is more than variation between batches. */
const times = 100;
/** Number of norms whose median is the usual one; needed before anything is reported. */
const windowSteps = 100;
const fewestSteps = 20;
/** Single high norms are normal; this many within a window are a finding. */
const occurrences = 3;

/**
 * Norms far above the median of those before. A hinge loss whose examples are nearly all satisfied has
 * norms of 0, and one that has nearly converged tiny ones: neither is a reference for other norms.
 */
export function explodingGradientsDetector(): Detector {
  const recent: number[] = [];
  let first: number | null = null;
  let exploded: number[] = [];
  return {
    kind: 'exploding_gradients',
    onStep({ step, gradient_norm: norm }) {
      if (!(norm > 0)) return null;
      const usual = first === null ? Infinity : Math.max(first, median(recent));
      recent.push(norm);
      if (recent.length > windowSteps) recent.shift();
      if (first === null && recent.length === fewestSteps) first = median(recent);
      if (norm < times * usual) return null;
      exploded = [...exploded.filter((earlier) => earlier > step - windowSteps), step];
      if (exploded.length < occurrences) return null;
      return {
        message: `The gradient norm was ${formatSignificant(norm)}, ${Math.round(norm / usual)} times the usual ${formatSignificant(usual)}. It was also this high at the steps ${exploded.slice(0, -1).join(', ')}.`,
        fix: 'Set max_gradient_norm to 1, or lower learning_rate. With softmax losses, a higher temperature makes gradients smaller.',
      };
    },
  };
}
