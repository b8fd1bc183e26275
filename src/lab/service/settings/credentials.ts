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

/** Credentials of services: those set in LossLab come before those in the places of the service's own tools. */
export async function credentialsOf(service: CredentialService, secrets: SecretStore): Promise<Credentials | null> {
  const set = await secrets.get(service);
  return set ? { ...set, kept: secrets.kept, where: null } : findCredentials(service);
}

/** Credentials for screens: whether they exist and where they are stored, never their value. */
export function credentialMethods(
  secrets: SecretStore,
): Implementations<'credentials.list' | 'credentials.set' | 'credentials.forget'> {
  return {
    'credentials.list': () =>
      Promise.all(credentialServices.map(async (service) => statusOf(service, await credentialsOf(service, secrets)))),

    'credentials.set': async ({ service, username, secret }) => {
      const trimmed = { username: username?.trim(), secret: secret.trim() };
      // A key that can never be sent is refused now, not when it is needed.
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
