import { storedKeysOf, type ConfigurationKey } from './table.ts';
import type { Configuration, RawConfiguration } from './types.ts';

const runKeys = storedKeysOf('files', 'data');
/** Exports list values in this order: they stay the same to the byte. */
const encoderKeys: readonly ConfigurationKey[] = [
  ...new Set<ConfigurationKey>([
    'tokenizer',
    'vocabulary_size',
    'dropout',
    'encoder',
    'pooling',
    'projection_dim',
    'max_length',
    ...storedKeysOf('encoder'),
  ]),
];

/** Everything that was decided about a run, flat, by key. */
export function valuesOf(configuration: Configuration): RawConfiguration {
  const { encoder, training, recipe } = configuration;
  return {
    ...pick(configuration, runKeys),
    batch_transform: recipe.strategy.name,
    ...recipe.strategy.parameters,
    loss_type: recipe.loss.name,
    ...recipe.loss.parameters,
    ...pick({ ...encoder, encoder: encoder.kind === 'pretrained' ? encoder.source : encoder.kind }, encoderKeys),
    ...training,
  };
}

/** In the order of `keys`; those that are absent stay so. */
function pick(values: object, keys: readonly string[]): object {
  const found: Readonly<Record<string, unknown>> = { ...values };
  return Object.fromEntries(keys.filter((key) => key in found).map((key) => [key, found[key]]));
}

/** Of values of configurations, which are JSON. */
export function isSameValue(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
