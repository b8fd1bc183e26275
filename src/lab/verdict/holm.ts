/**
 * Holm's step-down correction (1979) for several tests at once: the probability of any false alarm stays below the
 * level that is used for the adjusted values.
 *
 * @returns adjusted values in the order of `values`, each between its own value and 1
 */
export function holmAdjusted(values: readonly number[]): number[] {
  const order = values.map((_, i) => i).sort((i, j) => values[i]! - values[j]!);
  const adjusted = new Array<number>(values.length);
  let highest = 0;
  order.forEach((i, rank) => {
    highest = Math.max(highest, Math.min(1, (values.length - rank) * values[i]!));
    adjusted[i] = highest;
  });
  return adjusted;
}
