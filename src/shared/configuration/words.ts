import { lossNames, lossParameters, strategyNames, strategyParameters } from '../recipe.ts';
import { propertyOf, rangeOf } from './field.ts';
import { type EncoderKind } from './setting.ts';
import { appliesTo, defaultOf, settingOf, type ConfigurationKey } from './table.ts';
import { encoderNames } from './untrainedEncoders.ts';

/** The table of configuration keys in words, for the docs and the command line. Values stand between backticks, as in Markdown. */

/** "whole number ≥ 1, or null", "number, 0 < x < 1", "`keep`, `mask`, `avoid`". */
export function typeInWords(key: ConfigurationKey): string {
  const kinds = kindInWords(key);
  return settingOf(key).schema.safeParse(null).success ? `${kinds}, or null` : kinds;
}

function kindInWords(key: ConfigurationKey): string {
  const property = propertyOf(key);
  if (property.const !== undefined) return valueInWords(property.const);
  switch (property.type) {
    case 'boolean':
      return 'true, false';
    case 'string':
      return property.enum?.map(valueInWords).join(', ') ?? 'text';
    case 'array':
      return 'list of whole numbers ≥ 1';
    case 'integer':
      return `whole number${rangeInWords(key)}`;
    default:
      return `number${rangeInWords(key)}`;
  }
}

function rangeInWords(key: ConfigurationKey): string {
  const { minimum, exclusiveMinimum, maximum, exclusiveMaximum } = rangeOf(propertyOf(key));
  if (maximum === null) return ` ${exclusiveMinimum ? '>' : '≥'} ${minimum}`;
  if (!exclusiveMinimum && !exclusiveMaximum) return `, ${minimum} – ${maximum}`;
  return `, ${minimum} ${exclusiveMinimum ? '<' : '≤'} x ${exclusiveMaximum ? '<' : '≤'} ${maximum}`;
}

/** What holds if a configuration does not name the key. */
export function defaultInWords(key: ConfigurationKey): string {
  const setting = settingOf(key);
  if ('derived' in setting) return setting.derived;
  if ('perRecipe' in setting) return recipeDefault(key);
  if ('default' in setting) return setting.default === '' ? 'none' : valueInWords(setting.default);
  return [...encoderNames, 'pretrained' as const]
    .filter((encoder) => appliesTo(key, encoder))
    .map((encoder) => `\`${encoder}\` ${encoderDefaultInWords(key, encoder)}`)
    .join(', ');
}

/** The default with one encoder. */
export function encoderDefaultInWords(key: ConfigurationKey, encoder: EncoderKind): string {
  const value = defaultOf(key, encoder);
  if (encoder === 'pretrained' && value === undefined) return 'from the files';
  if (appliesTo(key, encoder)) return valueInWords(value);
  return value === 0 || value === null ? 'none' : valueInWords(value);
}

/** The losses or strategies that have a parameter, with the default of each. */
function usersOf(key: ConfigurationKey): { readonly name: string; readonly fallback: unknown }[] {
  const all = [
    ...strategyNames.map((name) => ({ name, schema: strategyParameters[name] })),
    ...lossNames.map((name) => ({ name, schema: lossParameters[name] })),
  ];
  return all
    .filter(({ schema }) => Object.hasOwn(schema.shape, key))
    .map(({ name, schema }) => ({ name, fallback: (schema.parse({}) as Record<string, unknown>)[key] }));
}

/** "0.1; `listwise` 1, `cosent` 0.05": the most frequent, then what differs. */
function recipeDefault(key: ConfigurationKey): string {
  const groups = [...Map.groupBy(usersOf(key), ({ fallback }) => fallback)].sort(([, a], [, b]) => b.length - a.length);
  const usual = valueInWords(groups[0]![0] ?? (propertyOf(key).type === 'boolean' ? false : null));
  const others = groups
    .slice(1)
    .flatMap(([value, users]) => users.map(({ name }) => `\`${name}\` ${valueInWords(value)}`));
  return others.length === 0 ? usual : `${usual}; ${others.join(', ')}`;
}

/** "`triplet`, `batch_triplet`", "all", "all but `mse`"; of a key that is not a parameter, the encoders. */
export function usersInWords(key: ConfigurationKey): string {
  const { group, encoders } = settingOf(key);
  if (group !== 'loss' && group !== 'strategy') return inWords(encoders ?? [], [...encoderNames, 'pretrained']);
  const users = usersOf(key).map(({ name }) => name);
  return inWords(users, group === 'loss' ? lossNames : strategyNames);
}

function inWords(some: readonly string[], all: readonly string[]): string {
  const quoted = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ');
  if (some.length === 0 || some.length === all.length) return 'all';
  return some.length > all.length / 2 ? `all but ${quoted(all.filter((name) => !some.includes(name)))}` : quoted(some);
}

function valueInWords(value: unknown): string {
  if (value === null) return 'none';
  return typeof value === 'string' ? `\`${value}\`` : JSON.stringify(value);
}
