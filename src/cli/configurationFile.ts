import { existsSync, readFileSync } from 'node:fs';
import { LabError } from '../shared/errors.ts';
import { presetFile, presetNames } from '../lab/experiments/presets.ts';

/** The keys of a configuration file, given as a path or a preset name. */
export function readConfigurationFile(nameOrPath: string): Record<string, unknown> {
  const path = (presetNames as readonly string[]).includes(nameOrPath) ? presetFile(nameOrPath) : nameOrPath;
  if (!existsSync(path))
    throw new LabError(
      'configuration',
      `There is no configuration file "${nameOrPath}".`,
      `Presets: ${presetNames.join(', ')}.`,
    );
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new LabError('configuration', `${path} is not JSON: ${(error as Error).message}.`);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new LabError(
    'configuration',
    `${path} contains ${Array.isArray(value) ? 'a list' : String(value)}; expected an object with keys and values.`,
  );
}
