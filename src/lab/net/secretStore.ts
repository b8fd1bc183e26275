import type { CredentialService } from '../../shared/contract/downloads.ts';

/** What somebody has typed in for a service. */
export interface Secret {
  /** Of legacy keys of Kaggle. */
  readonly username?: string | undefined;
  readonly secret: string;
}

/** Where secrets are kept that were set in LossLab. Never in a file that others could read. */
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
