import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { addressFrom } from '../address.ts';
import type { Credentials } from '../credentials.ts';

/** The default address of the Hugging Face Hub. */
const publicEndpoint = 'https://huggingface.co';

/** Settings for the Hub from the environment, in the variables of its own tools. */
export interface HubSettings {
  /** HF_ENDPOINT. */
  readonly endpoint: string;
  /** HF_HUB_CACHE, otherwise `hub` in HF_HOME, otherwise `huggingface/hub` in the user's cache folder. */
  readonly cache: string;
  /** HF_HUB_OFFLINE: only the cache is used, not the network. */
  readonly offline: boolean;
  /** HF_TOKEN, otherwise the file that the Python tools write at log-in. Sent only to `endpoint`. */
  readonly token: string | null;
}

/** Throws a `configuration` LabError if HF_ENDPOINT is not an address. */
export function hubSettings(environment: NodeJS.ProcessEnv = process.env): HubSettings {
  const home = hubHome(environment);
  return {
    endpoint: addressFrom(environment, 'HF_ENDPOINT', publicEndpoint),
    cache: resolve(expandHome(environment.HF_HUB_CACHE || join(home, 'hub'))),
    offline: /^(1|on|yes|true)$/i.test(environment.HF_HUB_OFFLINE ?? ''),
    token: findHubCredentials(environment)?.secret ?? null,
  };
}

/** The token of the environment or of a log-in, with where it was found. */
export function findHubCredentials(environment: NodeJS.ProcessEnv = process.env): Credentials | null {
  const token = environment.HF_TOKEN?.trim();
  if (token) return { secret: token, kept: 'environment', where: 'HF_TOKEN' };
  const file = expandHome(environment.HF_TOKEN_PATH || join(hubHome(environment), 'token'));
  const secret = existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
  return secret ? { secret, kept: 'file', where: file } : null;
}

function hubHome(environment: NodeJS.ProcessEnv): string {
  return environment.HF_HOME || join(environment.XDG_CACHE_HOME || join(homedir(), '.cache'), 'huggingface');
}

function expandHome(path: string): string {
  return path.replace(/^~(?=[\\/]|$)/, homedir());
}
