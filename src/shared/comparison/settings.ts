import type { ComparedRun } from '../comparison.ts';
import { appliesTo, isConfigurationKey, settingOf, type ConfigurationKey } from '../configuration/table.ts';
import { isSameValue, valuesOf } from '../configuration/values.ts';

export type SettingValue = string | number | boolean | null | readonly number[];
export type Settings = Readonly<Record<string, SettingValue>>;

/**
 * Everything that was decided about a run, by name: `loss`, `loss.temperature`, `batch_size`, `seed`, …
 * What means nothing to its encoder is left out; `dataset` stands for where the files are.
 */
export function settingsOf({ configuration, dataset, device }: ComparedRun): Settings {
  const { kind } = configuration.encoder;
  const values = { ...valuesOf(configuration), ...(device !== null && { device }) };
  const shown = (Object.entries(values) as [ConfigurationKey, SettingValue][]).filter(
    ([key]) => key !== 'name' && settingOf(key).group !== 'files' && appliesTo(key, kind),
  );
  return { dataset, ...Object.fromEntries(shown.map(([key, value]) => [settingName(key), value])) };
}

/** Files of comparisons have columns with these names: they stay. */
function settingName(key: ConfigurationKey): string {
  if (key === 'loss_type') return 'loss';
  if (key === 'batch_transform') return 'strategy';
  const { group } = settingOf(key);
  return group === 'loss' || group === 'strategy' ? `${group}.${key}` : key;
}

/**
 * Names of the settings in which any two runs that have them differ. One that only some have, such
 * as the margin of a triplet loss, says no more than the loss's name.
 */
export function differingSettings(all: readonly Settings[]): string[] {
  return settingNames(all).filter((name) => {
    const [first, ...others] = all.filter((settings) => name in settings);
    return others.some((settings) => !isSameValue(settings[name], first![name]));
  });
}

export function settingNames(all: readonly Settings[]): string[] {
  const names = new Set(all.flatMap((settings) => Object.keys(settings)));
  return [...names].sort((a, b) => rank(a) - rank(b));
}

/** What is compared comes first. */
const leading = ['loss', 'strategy', 'seed', 'dataset'];

function rank(name: string): number {
  const found = leading.indexOf(name.split('.')[0]!);
  return found === -1 ? leading.length : found;
}

export function settingTitle(name: string): string {
  const key = name.split('.').at(-1)!;
  return isConfigurationKey(key) ? settingOf(key).title : key[0]!.toUpperCase() + key.slice(1);
}

export function formatSetting(value: SettingValue | undefined): string {
  if (value === undefined) return '–';
  if (value === null) return 'none';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'object') return value.join(', ');
  // Sums such as 0.1 + 0.05 end in digits that nobody has typed.
  return String(typeof value === 'number' ? Number(value.toPrecision(12)) : value);
}
