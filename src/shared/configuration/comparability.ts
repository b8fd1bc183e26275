import { appliesTo, keysWhere, type ConfigurationKey } from './table.ts';
import type { Setting } from './setting.ts';
import type { Configuration } from './types.ts';
import { isSameValue, valuesOf } from './values.ts';

/** Whether runs can be compared, as far as their configurations say it. */

const sameWithinExperiment = keysWhere(({ withinExperiment }) => withinExperiment === 'same');

/** The first key that the runs of one experiment must share and in which two of them differ; null if there is none. */
export function differingCondition(first: Configuration, other: Configuration): ConfigurationKey | null {
  const [a, b] = [valuesOf(first), valuesOf(other)];
  const { kind } = first.encoder;
  return sameWithinExperiment.find((key) => appliesTo(key, kind) && !isSameValue(a[key], b[key])) ?? null;
}

/** The values in which a difference has such a consequence, by key. */
export function conditionsOf(
  configuration: Configuration,
  consequence: Setting['differing'],
): Readonly<Record<string, unknown>> {
  const values = valuesOf(configuration);
  const keys = keysWhere(({ differing }) => differing === consequence);
  return Object.fromEntries(keys.map((key) => [key, values[key]]));
}
