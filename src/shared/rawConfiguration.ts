import {
  encoderDefaults,
  resolveConfiguration,
  type Configuration,
  type EncoderConfiguration,
  type RawConfiguration,
} from './configuration.ts';
import { lossParameters, strategyParameters } from './recipe.ts';

/** The keys that make a recipe: what may differ between the runs of an experiment. */
export const recipeKeys: ReadonlySet<string> = new Set([
  'name',
  'loss_type',
  'batch_transform',
  ...[...Object.values(lossParameters), ...Object.values(strategyParameters)].flatMap(({ shape }) =>
    Object.keys(shape),
  ),
]);

const sizeKeys = ['embed_dim', 'n_layers', 'n_heads', 'hidden_dim'] as const;
/** Always written: other defaults depend on them, and a reader looks for them first. */
const leadingKeys: ReadonlySet<string> = new Set(['name', 'loss_type', 'batch_transform', 'encoder', ...sizeKeys]);

/**
 * The short configuration that a decided one comes from: `resolveConfiguration` gives it back. Keys
 * that say what is the default anyway are left out.
 */
export function toRawConfiguration(configuration: Configuration): RawConfiguration {
  const raw = everyKey(configuration);
  const defaults = everyKey(resolveConfiguration(pick(raw, (key) => leadingKeys.has(key))));
  return pick(raw, (key) => leadingKeys.has(key) || raw[key] !== defaults[key]);
}

function everyKey({ encoder, training, recipe, notices, data_path, ...rest }: Configuration): RawConfiguration {
  return {
    ...rest,
    ...(data_path !== null && { data_path }),
    batch_transform: recipe.strategy.name,
    ...recipe.strategy.parameters,
    loss_type: recipe.loss.name,
    ...recipe.loss.parameters,
    ...encoderKeys(encoder),
    ...training,
    // The one key that leaves nothing behind but words.
    log_to_wandb: notices.length > 0,
  };
}

function encoderKeys(encoder: EncoderConfiguration): RawConfiguration {
  const { tokenizer, vocabulary_size, dropout } = encoder;
  const always = { tokenizer, vocabulary_size, dropout };
  if (encoder.kind === 'pretrained') {
    // What its files have decided is no key: only what was written down.
    return { ...always, encoder: encoder.source, ...pick(encoder, (key) => encoder.explicit.includes(key)) };
  }
  const { kind, folder, pooling, projection_dim, max_length } = encoder;
  const sizes =
    folder === null ? pick(encoder, (key) => isSizeKey(key) && encoder[key] !== encoderDefaults[kind][key]) : {};
  return { ...always, encoder: folder ?? kind, pooling, projection_dim, max_length, ...sizes };
}

function isSizeKey(key: string): key is (typeof sizeKeys)[number] {
  return (sizeKeys as readonly string[]).includes(key);
}

function pick<Keys extends object>(keys: Keys, wanted: (key: keyof Keys & string) => boolean): Partial<Keys> {
  return Object.fromEntries(
    Object.entries(keys).filter(([key]) => wanted(key as keyof Keys & string)),
  ) as Partial<Keys>;
}
