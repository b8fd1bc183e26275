import type { ComparedRun } from '../comparison.ts';

export type SettingValue = string | number | boolean | null | readonly number[];
export type Settings = Readonly<Record<string, SettingValue>>;

/** Everything that was decided about a run, flat: `loss`, `loss.temperature`, `training.batch_size`, `seed`, … */
export function settingsOf({ configuration, dataset, device, recipe, seed }: ComparedRun): Settings {
  const encoder = Object.fromEntries(Object.entries(configuration.encoder).filter(([key]) => key !== 'explicit'));
  const { device: wanted, ...training } = configuration.training;
  return {
    loss: recipe.loss.name,
    ...prefixed('loss', recipe.loss.parameters),
    strategy: recipe.strategy.name,
    ...prefixed('strategy', recipe.strategy.parameters),
    seed,
    dataset,
    limit: configuration.limit,
    test_size: configuration.test_size,
    ...prefixed('encoder', encoder),
    ...prefixed('training', training),
    device: device ?? wanted,
  };
}

/**
 * Names of the settings in which any two runs that have them differ. One that only some have, such
 * as the margin of a triplet loss, says no more than the loss's name.
 */
export function differingSettings(all: readonly Settings[]): string[] {
  return settingNames(all).filter(
    (name) =>
      new Set(all.filter((settings) => name in settings).map((settings) => JSON.stringify(settings[name]))).size > 1,
  );
}

export function settingNames(all: readonly Settings[]): string[] {
  const names = new Set(all.flatMap((settings) => Object.keys(settings)));
  return [...names].sort((a, b) => groupOf(a) - groupOf(b));
}

const groups = ['loss', 'strategy', 'seed', 'dataset', 'limit', 'test_size', 'encoder', 'training', 'device'];

function groupOf(name: string): number {
  return groups.indexOf(name.split('.')[0]!);
}

/** `loss.hard_neg_target_prob` as `Loss: hard neg target prob`. */
export function settingTitle(name: string): string {
  const [group, key] = name.split('.') as [string, string?];
  const words = (text: string): string => text.replaceAll('_', ' ');
  const title = key ? `${words(group)}: ${words(key)}` : words(group);
  return title[0]!.toUpperCase() + title.slice(1);
}

export function formatSetting(value: SettingValue | undefined): string {
  if (value === undefined) return '–';
  if (value === null) return 'none';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  // Sums such as 0.1 + 0.05 end in digits that nobody has typed.
  return String(typeof value === 'number' ? Number(value.toPrecision(12)) : value);
}

function prefixed(prefix: string, values: object): Record<string, SettingValue> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [`${prefix}.${key}`, value as SettingValue]));
}
