import type { ExperimentDraft } from '../../../shared/contract/experiments.ts';
import { keysOutsideDrafts } from '../../../shared/configuration/table.ts';
import { draftConfiguration } from './drafts.ts';

type Keys = Readonly<Record<string, unknown>>;

/**
 * The draft for the command line: a configuration file for each recipe, and one command for a POSIX shell, to run in
 * their folder. Throws a `configuration` LabError for a draft that cannot be trained.
 */
export function draftCommand({ dataset, shared, recipes, seeds }: ExperimentDraft): {
  command: string;
  files: { name: string; json: string }[];
} {
  const names = recipes.map((recipe) => draftConfiguration(shared, recipe, seeds[0]!).name);
  const fileNames = uniqueFileNames(names);
  // Command-line options override files, so keys that differ between recipes are written into all files.
  const common = Object.entries(shared).filter(([key, value]) => value !== undefined && !keysOutsideDrafts.has(key));
  const overrides = common.filter(([key]) => !recipes.some((recipe) => Object.hasOwn(recipe, key)));
  const inFiles = Object.fromEntries(common.filter(([key]) => !overrides.some(([other]) => other === key)));
  return {
    command: commandLine(fileNames, dataset, overrides, seeds),
    files: recipes.map((recipe, index) => ({
      name: fileNames[index]!,
      json: toJson({ ...inFiles, ...recipe, name: names[index] }),
    })),
  };
}

function commandLine(
  files: readonly string[],
  dataset: string,
  overrides: readonly (readonly [string, unknown])[],
  seeds: readonly number[],
): string {
  const settings = overrides.flatMap(([key, value]) => ['--set', `${key}=${toArgument(value)}`]);
  return ['losslab', 'train', '--config', ...files, '--data', dataset, ...settings, '--seeds', ...seeds.map(String)]
    .map(quote)
    .join(' ');
}

/** For `--set`: text that is valid JSON needs JSON quotes around it. */
function toArgument(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  try {
    JSON.parse(value);
    return JSON.stringify(value);
  } catch {
    return value;
  }
}

/** For a POSIX shell: single quotes protect everything except single quotes. */
function quote(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`;
}

function toJson(recipe: Keys): string {
  const { name, ...rest } = Object.fromEntries(Object.entries(recipe).filter(([key]) => !keysOutsideDrafts.has(key)));
  return `${JSON.stringify({ name, ...rest }, null, 2)}\n`;
}

/** File names that are valid on every system, made from the names of recipes. */
function uniqueFileNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    const word =
      name
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, '-')
        .replace(/^-|-$/g, '') || 'recipe';
    let candidate = `${word}.json`;
    for (let number = 2; taken.has(candidate); number++) candidate = `${word}-${number}.json`;
    taken.add(candidate);
    return candidate;
  });
}
