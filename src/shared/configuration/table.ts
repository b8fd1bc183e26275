import type { z } from 'zod';
import { dataKeys } from './keys/data.ts';
import { encoderKeys } from './keys/encoder.ts';
import { lossParameterKeys, strategyParameterKeys } from './keys/parameters.ts';
import { choiceKeys } from './keys/choices.ts';
import { trainingKeys } from './keys/training.ts';
import { legacyKeys } from './legacy.ts';
import type { EncoderKind, Group, Section, Setting } from './setting.ts';

/**
 * Every key of a configuration, described once: the schema, defaults, forms, the command line's help, the docs,
 * and what a comparison says about runs that differ follow from here.
 */
export const table = {
  ...dataKeys,
  ...encoderKeys,
  ...trainingKeys,
  batch_transform: choiceKeys.batch_transform,
  ...strategyParameterKeys,
  loss_type: choiceKeys.loss_type,
  ...lossParameterKeys,
  ...legacyKeys,
} satisfies Section;

type Table = typeof table;
export type ConfigurationKey = keyof Table;

export const configurationKeys = Object.keys(table) as ConfigurationKey[];

/** What a configuration file may say. */
export type RawValue<Key extends ConfigurationKey> = z.output<Table[Key]['schema']>;

/** What a resolved configuration says. */
export type Value<Key extends ConfigurationKey> = Table[Key] extends { derived: string }
  ? NonNullable<RawValue<Key>>
  : RawValue<Key> | (Table[Key] extends { default: null } ? null : never);

/** The keys of some groups that a resolved configuration holds. */
export type KeysOf<Groups extends Group> = {
  [Key in ConfigurationKey]: Table[Key]['group'] extends Groups
    ? Table[Key] extends { stored: false }
      ? never
      : Key
    : never;
}[ConfigurationKey];

/** Those of them without a default for weights from files: only the files know. */
export type KeysOfFiles = {
  [Key in KeysOf<'encoder'>]: Table[Key] extends { fromFiles: true }
    ? Table[Key] extends { perEncoder: { pretrained: unknown } }
      ? never
      : Key
    : never;
}[KeysOf<'encoder'>];

export function settingOf(key: ConfigurationKey): Setting {
  return table[key];
}

export function isConfigurationKey(key: string): key is ConfigurationKey {
  return Object.hasOwn(table, key);
}

/** In the order of the table. */
export function keysWhere(holds: (setting: Setting) => boolean): ConfigurationKey[] {
  return configurationKeys.filter((key) => holds(table[key]));
}

/** The keys of a group that a resolved configuration holds, in the order of the table. */
export function storedKeysOf<Groups extends Group>(...groups: readonly Groups[]): KeysOf<Groups>[] {
  return keysWhere(
    ({ group, stored }) => stored !== false && (groups as readonly Group[]).includes(group),
  ) as KeysOf<Groups>[];
}

/** Whether a key has a meaning for an encoder. */
export function appliesTo(key: ConfigurationKey, encoder: EncoderKind): boolean {
  return settingOf(key).encoders?.includes(encoder) ?? true;
}

/** The default of a key with an encoder; undefined if files, other keys or the recipe decide it. */
export function defaultOf<Key extends ConfigurationKey>(key: Key, encoder: EncoderKind): Value<Key> | undefined {
  const setting = settingOf(key);
  if ('default' in setting) return setting.default as Value<Key>;
  return 'perEncoder' in setting ? (setting.perEncoder[encoder] as Value<Key> | undefined) : undefined;
}

/** What a recipe says: the keys in which the runs of an experiment are meant to differ. */
export const recipeKeys: ReadonlySet<string> = new Set([
  'name',
  ...keysWhere(({ group }) => group === 'strategy' || group === 'loss'),
]);

/** Keys that a draft does not hold: its dataset and its seeds decide them. */
export const keysOutsideDrafts: ReadonlySet<string> = new Set(keysWhere(({ inDraft }) => inDraft === false));
