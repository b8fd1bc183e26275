/**
 * Exponential moving average with bias correction: the first values count fully instead of being
 * drawn towards zero. `weight` (0 to 0.99) is how much of the average so far is kept at each value.
 * A value that is not a finite number stays a gap, and the average goes on after it.
 */
export function smooth(values: ArrayLike<number>, weight: number): Float64Array {
  const smoothed = new Float64Array(values.length);
  let average = 0;
  let kept = 1;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!Number.isFinite(value)) {
      smoothed[i] = NaN;
      continue;
    }
    average = weight * average + (1 - weight) * value;
    kept *= weight;
    smoothed[i] = average / (1 - kept);
  }
  return smoothed;
}
