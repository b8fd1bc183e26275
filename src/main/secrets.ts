import { existsSync, readFileSync, rmSync } from 'node:fs';
import type { SafeStorage } from 'electron';
import { z } from 'zod';
import { credentialServices, type CredentialService } from '../shared/contract/downloads.ts';
import { writeAtomically } from '../lab/files/atomicFile.ts';
import { asStorageError } from '../lab/files/storage.ts';
import { memorySecrets, type Secret, type SecretStore } from '../lab/net/secretStore.ts';

/** The used part of Electron's `safeStorage`, which encrypts with a key from the system's key store. */
export type KeyStore = Pick<
  SafeStorage,
  'isAsyncEncryptionAvailable' | 'encryptStringAsync' | 'decryptStringAsync' | 'getSelectedStorageBackend'
>;

const onlyOwner = 0o600;
const secretShape = z.object({ username: z.string().optional(), secret: z.string() });

/**
 * Keeps secrets encrypted in `file`, which is useless without this user's key store; in memory if the system has no key
 * store. Call it after the app is ready.
 */
export async function systemSecrets(
  keyStore: KeyStore,
  file: string,
  platform = process.platform,
): Promise<SecretStore> {
  // On a Linux desktop without a key store, Chromium uses a publicly known password.
  const isKnownToAll = platform === 'linux' && keyStore.getSelectedStorageBackend() === 'basic_text';
  if (isKnownToAll || !(await keyStore.isAsyncEncryptionAvailable())) return memorySecrets();
  const secrets = new EncryptedFile(file);
  return {
    kept: 'keychain',
    async get(service) {
      const encrypted = secrets.get(service);
      return encrypted && (await decrypt(keyStore, encrypted));
    },
    set: async (service, secret) => secrets.set(service, await keyStore.encryptStringAsync(JSON.stringify(secret))),
    forget: (service) => Promise.resolve(secrets.set(service, null)),
  };
}

/**
 * Null if the key store is locked or has another key, as on another machine: the secret then counts as not set, and can
 * be set again.
 */
async function decrypt(keyStore: KeyStore, encrypted: Buffer): Promise<Secret | null> {
  try {
    const { result } = await keyStore.decryptStringAsync(encrypted);
    return secretShape.parse(JSON.parse(result));
  } catch {
    process.stderr.write(
      'losslab: the stored credentials cannot be decrypted with the key store of this system. Set them again.\n',
    );
    return null;
  }
}

type Stored = Partial<Record<CredentialService, string>>;

/** Encrypted bytes by service, as base64 in a JSON file. */
class EncryptedFile {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  get(service: CredentialService): Buffer | null {
    const stored = this.#read()[service];
    return stored === undefined ? null : Buffer.from(stored, 'base64');
  }

  /** Throws a `storage` LabError. */
  set(service: CredentialService, encrypted: Buffer | null): void {
    const stored = this.#read();
    if (encrypted) stored[service] = encrypted.toString('base64');
    else delete stored[service];
    try {
      if (Object.keys(stored).length === 0) rmSync(this.#file, { force: true });
      else writeAtomically(this.#file, [JSON.stringify(stored)], onlyOwner);
    } catch (error) {
      throw asStorageError(error, this.#file);
    }
  }

  /** A damaged file contains nothing that could be decrypted. */
  #read(): Stored {
    if (!existsSync(this.#file)) return {};
    try {
      return z
        .partialRecord(z.enum(credentialServices), z.string())
        .parse(JSON.parse(readFileSync(this.#file, 'utf8')));
    } catch {
      return {};
    }
  }
}
