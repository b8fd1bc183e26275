import {
  credentialServices,
  type CredentialService,
  type CredentialStatus,
} from '../../../shared/contract/downloads.ts';
import { type Credentials } from '../../net/credentials.ts';
import { kaggleAuthorization } from '../../net/kaggle/kaggleCredentials.ts';
import type { SecretStore } from '../../net/secretStore.ts';
import type { Implementations } from '../context.ts';
import { findCredentials } from '../../net/findCredentials.ts';

/** Who asks a service: what was set in LossLab goes before what is found where the service's own tools look. */
export async function credentialsOf(service: CredentialService, secrets: SecretStore): Promise<Credentials | null> {
  const set = await secrets.get(service);
  return set ? { ...set, kept: secrets.kept, where: null } : findCredentials(service);
}

/** Credentials as screens see them: whether there are any and where they lie, never what they are. */
export function credentialMethods(
  secrets: SecretStore,
): Implementations<'credentials.list' | 'credentials.set' | 'credentials.forget'> {
  return {
    'credentials.list': () =>
      Promise.all(credentialServices.map(async (service) => statusOf(service, await credentialsOf(service, secrets)))),

    'credentials.set': async ({ service, username, secret }) => {
      const trimmed = { username: username?.trim(), secret: secret.trim() };
      // A key that could never be sent is refused now, not when it is needed.
      if (service === 'kaggle') kaggleAuthorization({ ...trimmed, kept: secrets.kept, where: null });
      await secrets.set(service, trimmed);
      return statusOf(service, await credentialsOf(service, secrets));
    },

    'credentials.forget': async ({ service }) => {
      await secrets.forget(service);
      return null;
    },
  };
}

function statusOf(service: CredentialService, credentials: Credentials | null): CredentialStatus {
  return { service, kept: credentials?.kept ?? null, where: credentials?.where ?? null };
}
