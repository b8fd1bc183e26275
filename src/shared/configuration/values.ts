import { storedKeysOf } from './table.ts';
import type { Configuration, RawConfiguration } from './types.ts';

const encoderKeys = storedKeysOf('encoder');
const runKeys = storedKeysOf('files', 'data');

/** Everything that was decided about a run, flat, by key. */
export function valuesOf(configuration: Configuration): RawConfiguration {
  const { encoder, training, recipe } = configuration;
  return {
    ...pick(configuration, runKeys),
    batch_transform: recipe.strategy.name,
    ...recipe.strategy.parameters,
    loss_type: recipe.loss.name,
    ...recipe.loss.parameters,
    encoder: encoder.kind === 'pretrained' ? encoder.source : encoder.kind,
    ...pick(encoder, encoderKeys),
    ...training,
  };
}

function pick(values: object, keys: readonly string[]): object {
  return Object.fromEntries(Object.entries(values).filter(([key]) => keys.includes(key)));
}

/** Of values of configurations, which are JSON. */
export function isSameValue(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
