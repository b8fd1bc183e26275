import { median, type Detector } from './detector.ts';
import { formatSignificant } from '../../shared/format.ts';

/** So many times the usual norm is no variation between batches. */
const times = 100;
/** Norms that make the usual one, and that have to be known before anything is said. */
const windowSteps = 100;
const fewestSteps = 20;
/** Single steps happen: so many within a window are a finding. */
const occurrences = 3;

/**
 * Norms far above the median of those before. A hinge loss whose examples are nearly all satisfied has
 * norms of 0, and one that has nearly converged tiny ones: neither is what others are measured by.
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
        message: `The gradient norm was ${formatSignificant(norm)}, ${Math.round(norm / usual)} times the usual ${formatSignificant(usual)}, and as high at the steps ${exploded.slice(0, -1).join(', ')}.`,
        fix: 'Set max_gradient_norm 1, or lower learning_rate; a higher temperature makes gradients of softmax losses smaller.',
      };
    },
  };
}
