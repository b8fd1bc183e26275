import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { baseAddress } from './address.ts';

/** Where the Hugging Face Hub is, when nothing says otherwise. */
const publicEndpoint = 'https://huggingface.co';

/** What the environment says about the Hub, in the variables of its own tools. */
export interface HubSettings {
  /** HF_ENDPOINT. */
  readonly endpoint: string;
  /** HF_HUB_CACHE, else `hub` in HF_HOME, else `huggingface/hub` in the user's cache folder. */
  readonly cache: string;
  /** HF_HUB_OFFLINE: nothing is asked for, whatever is in the cache is used. */
  readonly offline: boolean;
  /** HF_TOKEN, else the file that a log-in of the Python tools leaves behind. Sent to `endpoint` and nowhere else. */
  readonly token: string | null;
}

/** Throws a `configuration` LabError where HF_ENDPOINT is no address. */
export function hubSettings(environment: NodeJS.ProcessEnv = process.env): HubSettings {
  const home = environment.HF_HOME || join(environment.XDG_CACHE_HOME || join(homedir(), '.cache'), 'huggingface');
  return {
    endpoint: baseAddress(environment.HF_ENDPOINT || publicEndpoint, 'HF_ENDPOINT'),
    cache: resolve(expandHome(environment.HF_HUB_CACHE || join(home, 'hub'))),
    offline: /^(1|on|yes|true)$/i.test(environment.HF_HUB_OFFLINE ?? ''),
    token: environment.HF_TOKEN?.trim() || storedToken(environment.HF_TOKEN_PATH || join(home, 'token')),
  };
}

function storedToken(file: string): string | null {
  const path = expandHome(file);
  return existsSync(path) ? readFileSync(path, 'utf8').trim() || null : null;
}

function expandHome(path: string): string {
  return path.replace(/^~(?=[\\/]|$)/, homedir());
}
