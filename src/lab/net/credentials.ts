import type { CredentialService, CredentialStatus } from '../../shared/contract/downloads.ts';
import { findHubCredentials } from './hub/hubSettings.ts';
import { findKaggleCredentials } from './kaggle/kaggleCredentials.ts';

/** Who asks a service, and where that was found. Of this, nothing but `kept` and `where` is ever shown or stored. */
export interface Credentials {
  /** Of legacy keys, which mean nothing without it. */
  readonly username?: string | undefined;
  /** A token or a key. */
  readonly secret: string;
  readonly kept: NonNullable<CredentialStatus['kept']>;
  /** The variable or the file; null where it was set in LossLab. */
  readonly where: string | null;
}

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
