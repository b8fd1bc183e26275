import type { CredentialService } from '../../shared/contract/downloads.ts';
import type { Credentials } from './credentials.ts';
import { findHubCredentials } from './hub/hubSettings.ts';
import { findKaggleCredentials } from './kaggle/kaggleCredentials.ts';

const finders: Readonly<Record<CredentialService, (environment: NodeJS.ProcessEnv) => Credentials | null>> = {
  kaggle: findKaggleCredentials,
  huggingface: findHubCredentials,
};

/**
 * Credentials from the environment or from the files of the service's own tools; null if there are none. Throws a
 * `configuration` LabError if they cannot be parsed.
 */
export function findCredentials(
  service: CredentialService,
  environment: NodeJS.ProcessEnv = process.env,
): Credentials | null {
  return finders[service](environment);
}
