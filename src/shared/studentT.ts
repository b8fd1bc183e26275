/**
 * Quantiles of Student's t distribution: the half-width of an interval around a mean of few values, in standard errors.
 */

const known = new Map<number, number>();

/** The 97.5th percentile of Student's t, so that mean ± t × standard error is a 95 % interval. `freedom`: whole number ≥ 1. */
export function studentT975(freedom: number): number {
  const found = known.get(freedom) ?? search(freedom);
  known.set(freedom, found);
  return found;
}

/**
 * By bisection: the distribution increases with t, and the percentile lies between those of the normal distribution and
 * of one degree of freedom.
 */
function search(freedom: number): number {
  let [low, high] = [1.9, 12.8];
  while (high - low > 1e-12 * high) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (centralProbability(middle, freedom) < 0.95) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/**
 * P(|T| ≤ t) for whole degrees of freedom: finite sums in θ = atan(t / √ν) (Abramowitz and Stegun 1964,
 * 26.7.3 and 26.7.4).
 */
function centralProbability(t: number, freedom: number): number {
  const theta = Math.atan(t / Math.sqrt(freedom));
  const [sine, squaredCosine] = [Math.sin(theta), Math.cos(theta) ** 2];
  const odd = freedom % 2 === 1;
  let term = odd ? Math.cos(theta) : 1;
  let sum = freedom === 1 ? 0 : term;
  for (let k = odd ? 3 : 2; k < freedom; k += 2) {
    term *= ((k - 1) / k) * squaredCosine;
    sum += term;
  }
  return odd ? (2 / Math.PI) * (theta + sine * sum) : sine * sum;
}
