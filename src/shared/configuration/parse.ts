import { z } from 'zod';
import { formatBeginning } from '../format.ts';
import { isNestedTooDeep } from '../json.ts';
import { safeParse } from '../safeParse.ts';
import { ConfigurationError } from './error.ts';
import { configurationKeys, settingOf } from './table.ts';
import type { RawConfiguration } from './types.ts';

const rawConfiguration = z.strictObject(
  Object.fromEntries(configurationKeys.map((key) => [key, settingOf(key).schema.optional()])),
);

/** Checks keys, types and ranges. Throws a ConfigurationError with the key and the fix. */
export function parseConfiguration(input: unknown): RawConfiguration {
  if (isNestedTooDeep(input))
    throw new ConfigurationError(
      [],
      'A configuration is a JSON object of keys and values; found one that is nested too deeply.',
    );
  const parsed = safeParse(rawConfiguration, input);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  if (issue.code === 'unrecognized_keys') throw unknownKey(issue.keys[0]!);
  const key = issue.path.join('.');
  if (!key) throw new ConfigurationError([], `A configuration is a JSON object of keys and values: ${issue.message}.`);
  const found = inWords(
    issue.path.reduce<unknown>((value, part) => (value as Record<PropertyKey, unknown>)[part], input),
  );
  throw new ConfigurationError(
    [String(issue.path[0])],
    `${key}: ${issue.message}; found ${found}.`,
    `Correct ${key}, or remove it to use the default.`,
  );
}

function unknownKey(key: string): ConfigurationError {
  const near = nearestKey(key);
  return new ConfigurationError(
    [key],
    `"${key}" is not a configuration key.`,
    near ? `Did you mean "${near}"?` : '"losslab train --set help" and docs/configuration.md list the keys.',
  );
}

/** A value as JSON has it, short enough to read. Screens of the app can also send whole numbers that JSON does not know. */
function inWords(value: unknown): string {
  const text =
    JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? String(part) : part)) ?? String(value);
  return formatBeginning(text, 200);
}

function nearestKey(key: string): string | undefined {
  const ranked = configurationKeys
    .map((candidate) => ({ candidate, distance: editDistance(key.toLowerCase(), candidate) }))
    .sort((a, b) => a.distance - b.distance);
  return ranked[0]!.distance <= Math.max(2, key.length / 3) ? ranked[0]!.candidate : undefined;
}

/** Levenshtein distance. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[b.length]!;
}
