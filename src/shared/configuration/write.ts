import { resolveConfiguration } from './resolve.ts';
import { defaultOf, isConfigurationKey, keysWhere, type ConfigurationKey } from './table.ts';
import type { Configuration, RawConfiguration } from './types.ts';
import { isSameValue, valuesOf } from './values.ts';

/** Always written: a reader looks for them first. */
const namingKeys: readonly ConfigurationKey[] = ['name', 'loss_type', 'batch_transform', 'encoder'];
/** They depend on each other, and the default of a projection depends on them. */
const sizeKeys: readonly ConfigurationKey[] = ['embed_dim', 'n_layers', 'n_heads', 'hidden_dim'];
const keysOfFiles = keysWhere(({ fromFiles }) => fromFiles === true);

/**
 * The short configuration that a decided one comes from: `resolveConfiguration` gives it back. Keys
 * that say what is the default anyway are left out.
 */
export function toRawConfiguration(configuration: Configuration): RawConfiguration {
  const { kind } = configuration.encoder;
  const written = writtenValues(configuration);
  const leading = pick(
    written,
    (key) => namingKeys.includes(key) || (sizeKeys.includes(key) && written[key] !== defaultOf(key, kind)),
  );
  const defaults = writtenValues(resolveConfiguration(leading));
  return pick(written, (key) => key in leading || !isSameValue(written[key], defaults[key]));
}

/** What weights from files have decided is not written, unless the configuration named it. */
function writtenValues(configuration: Configuration): RawConfiguration {
  const { encoder, notices } = configuration;
  const values = pick(
    valuesOf(configuration),
    (key) => encoder.kind !== 'pretrained' || !keysOfFiles.includes(key) || encoder.explicit.includes(key),
  );
  const { data_path, ...rest } = values;
  return {
    ...rest,
    ...(data_path != null && { data_path }),
    // The one key that leaves nothing behind but words.
    log_to_wandb: notices.length > 0,
  };
}

function pick(keys: RawConfiguration, wanted: (key: ConfigurationKey) => boolean): RawConfiguration {
  return Object.fromEntries(Object.entries(keys).filter(([key]) => isConfigurationKey(key) && wanted(key)));
}
