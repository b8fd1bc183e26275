import { ConfigurationError } from './error.ts';
import { legacyNotices, limitedByDebug } from './legacy.ts';
import { parseConfiguration } from './parse.ts';
import { encoderKindOf, resolveEncoder } from './resolveEncoder.ts';
import { resolveRecipe } from './resolveRecipe.ts';
import { defaultOf, storedKeysOf, type ConfigurationKey, type Value } from './table.ts';
import type { Configuration, RawConfiguration, TrainingConfiguration } from './types.ts';

/**
 * Decides every value of a configuration. Explicit keys win over a parametrised loss name, which
 * wins over defaults. Throws a ConfigurationError with the key and the fix.
 */
export function resolveConfiguration(input: unknown): Configuration {
  const written = parseConfiguration(input);
  const raw = written.debug ? { ...written, ...limitedByDebug(limits(written)) } : written;
  const recipe = resolveRecipe(raw);
  const seed = valueOf('seed', raw);
  return {
    name: raw.name ?? `${recipe.loss.name} on ${recipe.strategy.name}`,
    data_path: valueOf('data_path', raw),
    limit: valueOf('limit', raw),
    test_size: valueOf('test_size', raw),
    seed,
    split_seed: raw.split_seed ?? seed,
    split_method: valueOf('split_method', raw),
    force_regenerate: valueOf('force_regenerate', raw),
    output_dir: valueOf('output_dir', raw),
    encoder: resolveEncoder(raw),
    training: resolveTraining(raw),
    recipe,
    notices: legacyNotices(raw),
  };
}

/** Of a key with a default for every encoder that the configuration can have. */
function valueOf<Key extends ConfigurationKey>(key: Key, raw: RawConfiguration): Value<Key> {
  return (raw[key] as Value<Key> | undefined) ?? defaultOf(key, encoderKindOf(raw))!;
}

function limits(raw: RawConfiguration): Parameters<typeof limitedByDebug>[0] {
  return { limit: valueOf('limit', raw), batch_size: valueOf('batch_size', raw), epochs: valueOf('epochs', raw) };
}

function resolveTraining(raw: RawConfiguration): TrainingConfiguration {
  const keys = storedKeysOf('length', 'training', 'evaluation', 'fineTuning');
  const training = Object.fromEntries(keys.map((key) => [key, valueOf(key, raw)])) as unknown as TrainingConfiguration;
  const { warmup_steps, warmup_ratio } = training;
  if (warmup_steps === 0 || warmup_ratio === 0) return training;
  throw new ConfigurationError(
    ['warmup_steps', 'warmup_ratio'],
    `warmup_steps ${warmup_steps} and warmup_ratio ${warmup_ratio} both set the length of the warm-up.`,
    'Set only one of them.',
  );
}
