import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { systemSecrets, type KeyStore } from '../../../src/main/secrets.ts';
import { temporaryFolder } from '../../helpers/syntheticStore.ts';

/** A key store with a key of its own, as Electron offers it. */
function keyStore({
  available = true,
  backend = 'gnome_libsecret',
}: { available?: boolean; backend?: ReturnType<KeyStore['getSelectedStorageBackend']> } = {}): KeyStore {
  const key = randomBytes(32);
  return {
    isAsyncEncryptionAvailable: () => Promise.resolve(available),
    getSelectedStorageBackend: () => backend,
    encryptStringAsync(text) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, nonce);
      const encrypted = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Promise.resolve(Buffer.concat([nonce, cipher.getAuthTag(), encrypted]));
    },
    async decryptStringAsync(bytes) {
      await Promise.resolve();
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12)).setAuthTag(bytes.subarray(12, 28));
      return {
        shouldReEncrypt: false,
        result: Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString(),
      };
    },
  };
}

const secretFile = () => join(temporaryFolder(), 'secrets.json');

test('secrets outlive the app, encrypted and for their owner only', async () => {
  const file = secretFile();
  const store = keyStore();
  const secrets = await systemSecrets(store, file, 'linux');
  expect(secrets.kept).toBe('keychain');
  await secrets.set('kaggle', { username: 'ada', secret: 'TOPSECRET' });
  await secrets.set('huggingface', { secret: 'hf_TOPSECRET' });
  const text = readFileSync(file, 'utf8');
  expect(text).not.toMatch(/TOPSECRET|ada/);
  expect(Buffer.from((JSON.parse(text) as { kaggle: string }).kaggle, 'base64').toString('latin1')).not.toContain(
    'TOPSECRET',
  );
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const later = await systemSecrets(store, file, 'linux');
  expect(await later.get('kaggle')).toEqual({ username: 'ada', secret: 'TOPSECRET' });
  expect(await later.get('huggingface')).toEqual({ secret: 'hf_TOPSECRET' });
  await later.forget('kaggle');
  expect(await later.get('kaggle')).toBeNull();
  await later.forget('huggingface');
  expect(existsSync(file)).toBe(false);
});

test.each([
  ['there is no key store', keyStore({ available: false }), 'darwin'],
  ['its password is known to everybody', keyStore({ backend: 'basic_text' }), 'linux'],
] as const)('where %s, secrets stay in memory', async (_, store, platform) => {
  const file = secretFile();
  const secrets = await systemSecrets(store, file, platform);
  expect(secrets.kept).toBe('memory');
  await secrets.set('kaggle', { secret: 'KGAT_1' });
  expect(await secrets.get('kaggle')).toEqual({ secret: 'KGAT_1' });
  expect(existsSync(file)).toBe(false);
});

test('what another key has encrypted counts as not set, and is said so', async () => {
  const file = secretFile();
  await (await systemSecrets(keyStore(), file, 'win32')).set('kaggle', { secret: 'KGAT_1' });
  const written = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const secrets = await systemSecrets(keyStore(), file, 'win32');
  expect(await secrets.get('kaggle')).toBeNull();
  expect(written).toHaveBeenCalledWith(expect.stringContaining('cannot be decrypted'));
  written.mockRestore();
  await secrets.set('kaggle', { secret: 'KGAT_2' });
  expect(await secrets.get('kaggle')).toEqual({ secret: 'KGAT_2' });
});

test('a damaged file holds nothing, and can be written anew', async () => {
  const file = secretFile();
  writeFileSync(file, '{"kaggle": 7}');
  const secrets = await systemSecrets(keyStore(), file, 'darwin');
  expect(await secrets.get('kaggle')).toBeNull();
  await secrets.set('kaggle', { secret: 'KGAT_1' });
  expect(await secrets.get('kaggle')).toEqual({ secret: 'KGAT_1' });
});
