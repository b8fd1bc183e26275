import { readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { LabError } from '../../../shared/errors.ts';
import type { Credentials } from '../credentials.ts';

/** Prefix of Kaggle's tokens; anything else is a legacy key. */
const tokenPrefix = 'KGAT_';

/**
 * Credentials in the order of Kaggle's own tools: KAGGLE_API_TOKEN (a token, or a file that contains it),
 * ~/.kaggle/access_token, KAGGLE_USERNAME with KAGGLE_KEY, kaggle.json in KAGGLE_CONFIG_DIR or ~/.kaggle.
 * Throws a `configuration` LabError for a file that cannot be read or parsed.
 */
export function findKaggleCredentials(environment: NodeJS.ProcessEnv = process.env): Credentials | null {
  const folder = join(environment.HOME || homedir(), '.kaggle');
  return (
    fromVariable(environment.KAGGLE_API_TOKEN?.trim()) ??
    fromTokenFile(join(folder, 'access_token')) ??
    fromPair(environment.KAGGLE_USERNAME?.trim(), environment.KAGGLE_KEY?.trim()) ??
    fromJson(join(environment.KAGGLE_CONFIG_DIR || folder, 'kaggle.json'))
  );
}

/**
 * The `Authorization` header of a token or of a legacy key. Throws a `configuration` LabError for a key without its
 * username.
 */
export function kaggleAuthorization({ username, secret, where }: Credentials): string {
  if (secret.startsWith(tokenPrefix)) return `Bearer ${secret}`;
  if (username === undefined)
    throw new LabError(
      'configuration',
      `${where ?? 'The credential that was set for Kaggle'} is not a token: expected a token that begins with ${tokenPrefix}, or a legacy key with a username.`,
      'Create a token in the settings of Kaggle, under API; for a legacy key set KAGGLE_USERNAME and KAGGLE_KEY.',
    );
  return `Basic ${Buffer.from(`${username}:${secret}`).toString('base64')}`;
}

function fromVariable(value: string | undefined): Credentials | null {
  if (!value) return null;
  return fromTokenFile(value) ?? { secret: value, kept: 'environment', where: 'KAGGLE_API_TOKEN' };
}

function fromTokenFile(path: string): Credentials | null {
  const secret = readText(path)?.trim();
  return secret ? { secret, kept: 'file', where: path } : null;
}

function fromPair(username: string | undefined, secret: string | undefined): Credentials | null {
  return username && secret ? { username, secret, kept: 'environment', where: 'KAGGLE_USERNAME and KAGGLE_KEY' } : null;
}

const jsonShape = z.object({ username: z.string().min(1), key: z.string().min(1) });

function fromJson(path: string): Credentials | null {
  const text = readText(path);
  if (text === null) return null;
  try {
    const { username, key } = jsonShape.parse(JSON.parse(text));
    return { username, secret: key, kept: 'file', where: path };
  } catch {
    // The message shows neither the text nor the parser's error, which quotes it: the text contains a secret.
    throw new LabError(
      'configuration',
      `${path} cannot be parsed: expected {"username": "…", "key": "…"}.`,
      'Download it again from the settings of Kaggle, under API, or remove it.',
    );
  }
}

/** Null if the file does not exist. */
function readText(path: string): string | null {
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return null;
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new LabError(
      'configuration',
      `${path} cannot be read: ${(cause as NodeJS.ErrnoException).code}.`,
      'Change its permissions, or remove it.',
      { cause },
    );
  }
}
