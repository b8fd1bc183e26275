/** An item with a cost and a value. */
export interface Offer {
  readonly cost: number;
  readonly quality: number;
}

/**
 * The Pareto frontier: items for which every item of the same or lower cost is worse. By cost, ascending; of equal
 * items the first. Values that are not finite are excluded.
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
