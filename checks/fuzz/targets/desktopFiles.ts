/** Files of the desktop app only: encrypted secrets, and the position of its window. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { readBounds, smallest } from '../../../src/main/windowOptions.ts';
import { systemSecrets, type KeyStore } from '../../../src/main/secrets.ts';
import { credentialServices } from '../../../src/shared/contract/downloads.ts';
import { mutateJson } from '../mutators/json.ts';
import { oneOf, require, type FuzzTarget, type Mutator } from '../target.ts';

/** Replaces the system's key store: it decrypts only what it encrypted. */
const mark = 'sealed:';
const keyStore: KeyStore = {
  isAsyncEncryptionAvailable: () => Promise.resolve(true),
  getSelectedStorageBackend: () => 'gnome_libsecret',
  encryptStringAsync: (text) => Promise.resolve(Buffer.from(mark + text)),
  decryptStringAsync: (encrypted) => {
    const text = encrypted.toString();
    return text.startsWith(mark)
      ? Promise.resolve({ result: text.slice(mark.length), shouldReEncrypt: false })
      : Promise.reject(new Error('another key'));
  },
};
const sealed = (json: string): string => Buffer.from(mark + json).toString('base64');
const kept = { kaggle: '{"username":"a","secret":"b"}', huggingface: '{"secret":"hf_c"}' };

/** A changed result of the key store for one service. */
const inside: Mutator = (_, random) => {
  const service = oneOf(credentialServices, random);
  const changed = { ...kept, [service]: mutateJson(Buffer.from(kept[service]), random).toString() };
  return Buffer.from(JSON.stringify({ kaggle: sealed(changed.kaggle), huggingface: sealed(changed.huggingface) }));
};

export const storedSecrets: FuzzTarget = {
  seeds: () => [
    Buffer.from(JSON.stringify({ kaggle: sealed(kept.kaggle), huggingface: sealed(kept.huggingface) })),
    Buffer.from(JSON.stringify({ huggingface: sealed(kept.huggingface) })),
  ],
  mutators: [mutateJson, inside],
  words: ['"kaggle"', '"huggingface"', '"c2VhbGVkOg=="', 'null', '{}'],
  async parse(input, folder) {
    const file = join(folder, 'secrets.json');
    writeFileSync(file, input);
    process.stderr.write = () => true; // only in this thread: it gets a message for every secret that cannot be decrypted
    const secrets = await systemSecrets(keyStore, file, 'linux');
    const found = await Promise.all(credentialServices.map((service) => secrets.get(service)));
    for (const secret of found)
      require(secret === null ||
        (typeof secret.secret === 'string' &&
          ['string', 'undefined'].includes(typeof secret.username)), `a secret is ${JSON.stringify(secret)}`);
    require(readFileSync(file).equals(input), 'reading has changed the file');

    const [kaggle, huggingFace] = credentialServices;
    await secrets.set(kaggle, { secret: 'new' });
    require(isDeepStrictEqual(await secrets.get(kaggle), { secret: 'new' }), 'what was set is not there');
    require(isDeepStrictEqual(await secrets.get(huggingFace), found[1]), 'setting one has changed the other');
    await secrets.forget(kaggle);
    await secrets.forget(huggingFace);
    require(!existsSync(file), 'what was forgotten is still on the disk');
    return found.some((secret) => secret !== null) ? 'accepted' : 'refused';
  },
};

const workAreas = [
  { x: 0, y: 0, width: 1920, height: 1040 },
  { x: 1920, y: -200, width: 1280, height: 984 },
];

export const windowBounds: FuzzTarget = {
  seeds: () =>
    [
      { x: 10, y: 20, width: 1280, height: 860 },
      { x: 2000, y: -100, width: 900, height: 600 },
    ].map((bounds) => Buffer.from(JSON.stringify(bounds))),
  mutators: [mutateJson],
  words: ['"x"', '-32000', '1e999', '0.5', '9007199254740993', 'null'],
  parse(input) {
    const bounds = readBounds(Buffer.from(input).toString(), workAreas);
    if (bounds === null) return 'refused';
    require(Object.values(bounds).every(Number.isSafeInteger) &&
      bounds.width >= smallest.width &&
      bounds.height >= smallest.height, `the window is ${JSON.stringify(bounds)}`);
    require(workAreas.some(
      ({ x, y, width, height }) =>
        bounds.x < x + width && bounds.x + bounds.width > x && bounds.y >= y && bounds.y < y + height,
    ), `nobody sees the window at ${bounds.x}, ${bounds.y}`);
    return 'accepted';
  },
};
