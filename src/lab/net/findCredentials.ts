import type { CredentialService } from '../../shared/contract/downloads.ts';
import type { Credentials } from './credentials.ts';
import { findHubCredentials } from './hub/hubSettings.ts';
import { findKaggleCredentials } from './kaggle/kaggleCredentials.ts';

const finders: Readonly<Record<CredentialService, (environment: NodeJS.ProcessEnv) => Credentials | null>> = {
  kaggle: findKaggleCredentials,
  huggingface: findHubCredentials,
};

/** What the environment and the files of the service's own tools hold; null where there is nothing. Throws a `configuration` LabError for what cannot be understood. */
export function findCredentials(
  service: CredentialService,
  environment: NodeJS.ProcessEnv = process.env,
): Credentials | null {
  return finders[service](environment);
}
