import { InvalidArgumentError, type Command } from 'commander';

/** Parsers of option values. */

export function pathText(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('Expected a path.');
  return text;
}

export function positiveInteger(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('Expected a whole number of 1 or more.');
  return value;
}

export function positiveNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value > 0 && value < Infinity))
    throw new InvalidArgumentError('Expected a number greater than 0.');
  return value;
}

/** One of several seeds. */
export function appendSeed(text: string, previous: readonly number[] = []): number[] {
  const seed = Number(text);
  if (text.trim() === '' || !Number.isSafeInteger(seed) || seed < 0)
    throw new InvalidArgumentError('Expected whole numbers of 0 or more, for example --seeds 1 2 3.');
  if (previous.includes(seed)) throw new InvalidArgumentError(`Seed ${seed} is given twice.`);
  return [...previous, seed];
}

export function portNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isInteger(value) || value < 0 || value > 65_535)
    throw new InvalidArgumentError('Expected a port: a whole number from 0 to 65535.');
  return value;
}

/**
 * `--json` of a command whose files are JSON: with a file it names the file, without one it prints the result as JSON;
 * both can be given.
 */
export interface JsonOption {
  file?: string;
  machine: boolean;
}

/** Adds that option to a command. The returned object is filled in when the command line is parsed. */
export function addJsonOption(command: Command, description: string): JsonOption {
  const given: JsonOption = { machine: false };
  command.option('--json [file]', description);
  command.on('option:json', (file: string | null) => {
    if (file === null) given.machine = true;
    else given.file = file;
  });
  return given;
}

/** `key=value`, collected over repetitions. A value is parsed as JSON if it is valid JSON, else kept as text. */
export function assignment(text: string, previous: Record<string, unknown> = {}): Record<string, unknown> {
  const [, key, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (key === undefined || value === undefined) throw new InvalidArgumentError('Expected key=value.');
  return { ...previous, [key]: parseValue(value) };
}

function parseValue(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
