import type { MetricSpreads, MetricValues } from './comparison.ts';
import type { MetricName } from './metrics.ts';
import { spreadOf, type Spread } from './spread.ts';

/** Spreads of every metric that any of the runs has. */
export function spreadsOf(values: readonly MetricValues[]): MetricSpreads {
  const names = new Set(values.flatMap((each) => Object.keys(each) as MetricName[]));
  const spreads: Partial<Record<MetricName, Spread>> = {};
  for (const name of names) {
    const spread = spreadOf(values.map((each) => each[name] ?? NaN));
    if (spread) spreads[name] = spread;
  }
  return spreads;
}
