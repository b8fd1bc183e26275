import type { CredentialService } from '../../shared/contract/downloads.ts';

/** Credentials that the user has entered for a service. */
export interface Secret {
  /** Only for Kaggle's legacy keys. */
  readonly username?: string | undefined;
  readonly secret: string;
}

/** Keeps the secrets that were set in LossLab. Never in a file that others could read. */
export interface SecretStore {
  readonly kept: 'keychain' | 'memory';
  get(service: CredentialService): Promise<Secret | null>;
  set(service: CredentialService, secret: Secret): Promise<void>;
  forget(service: CredentialService): Promise<void>;
}

/** Until the process ends. */
export function memorySecrets(): SecretStore {
  const secrets = new Map<CredentialService, Secret>();
  return {
    kept: 'memory',
    get: (service) => Promise.resolve(secrets.get(service) ?? null),
    set: (service, secret) => Promise.resolve(void secrets.set(service, secret)),
    forget: (service) => Promise.resolve(void secrets.delete(service)),
  };
}
