import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import { LabError } from '../../shared/errors.ts';
import { jsonFault } from '../../shared/json.ts';
import { parseJson } from '../../shared/parseJson.ts';
import { duplicateKey } from './duplicateKeys.ts';
import { safeParse } from '../../shared/safeParse.ts';

/** JSON files of a model are small: a larger file is something else. */
const maximumJsonBytes = 64 * 1024 * 1024;

/**
 * Reads a JSON file; undefined if it does not exist. Throws an `encoder` LabError if it cannot be read or is not JSON.
 */
export function readJsonFile(file: string): unknown {
  const bytes = readSmallFile(file);
  if (bytes === undefined) return undefined;
  if (bytes.length > maximumJsonBytes)
    throw new LabError(
      'encoder',
      `${file} has ${bytes.length} bytes; expected at most ${maximumJsonBytes}.`,
      'Download the file again: this is a different file.',
    );
  try {
    const json = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    const value = parseJson(json);
    const twice = duplicateKey(json);
    if (twice !== null) throw new SyntaxError(`it has the key ${JSON.stringify(twice)} twice`);
    const fault = jsonFault(value);
    if (fault !== null) throw new SyntaxError(`it ${fault}`);
    return value;
  } catch (error) {
    throw new LabError(
      'encoder',
      `${file} is not JSON: ${(error as Error).message}.`,
      'Get the file again: this one is damaged.',
    );
  }
}

export function requireJsonFile(file: string, fix: string): unknown {
  const value = readJsonFile(file);
  if (value === undefined) throw new LabError('encoder', `${file} cannot be read: ENOENT.`, fix);
  return value;
}

function readSmallFile(file: string): Uint8Array | undefined {
  try {
    return readFileSync(file);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new LabError('encoder', `${file} cannot be read: ${code}.`, 'Check the path and its permissions.', { cause });
  }
}

/** Content of a JSON file, checked. Throws an `encoder` LabError that names file and key. */
export function checked<Schema extends z.ZodType>(schema: Schema, json: unknown, file: string): z.output<Schema> {
  const result = safeParse(schema, json);
  if (result.success) return result.data;
  const { path, message } = result.error.issues[0]!;
  throw new LabError(
    'encoder',
    `${file}: ${path.join('.') || 'content'}: ${message}.`,
    'Get the file again: this one is damaged.',
  );
}
