/** Something with a price and a worth. */
export interface Offer {
  readonly cost: number;
  readonly quality: number;
}

/**
 * Those that nothing else beats: whatever costs no more is worse (Pareto). By cost, ascending; of equals the first.
 * What is not finite takes no part.
 */
export function paretoFrontier<T extends Offer>(offers: readonly T[]): T[] {
  const sorted = offers
    .filter(({ cost, quality }) => Number.isFinite(cost) && Number.isFinite(quality))
    .sort((a, b) => a.cost - b.cost || b.quality - a.quality);
  let best = -Infinity;
  return sorted.filter(({ quality }) => {
    if (quality <= best) return false;
    best = quality;
    return true;
  });
}
