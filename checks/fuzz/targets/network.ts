/** Answers of servers, references to repositories, and credentials. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '../../../src/lab/net/checksum.ts';
import { download } from '../../../src/lab/net/download.ts';
import { formatHubReference, parseHubReference } from '../../../src/lab/net/hub/hubReference.ts';
import { findKaggleCredentials, kaggleAuthorization } from '../../../src/lab/net/kaggle/kaggleCredentials.ts';
import { formatKaggleReference, parseKaggleReference } from '../../../src/lab/net/kaggle/kaggleReference.ts';
import { askedToWait } from '../../../src/lab/net/retry.ts';
import { storageHashes } from '../../../src/lab/net/storageHashes.ts';
import { LabError } from '../../../src/shared/errors.ts';
import { mutateJson } from '../mutators/json.ts';
import { require, type FuzzTarget, type Outcome } from '../target.ts';
import { answer, responseMaker } from './answers.ts';

const secret = 'KGAT_do-not-tell-0123456789';

// --- Answers ---------------------------------------------------------------------------------------

const content = Buffer.from('The whole of a file, of which half is there already.');
const half = 20;
const asked = new URL('https://asked.invalid/file');

const etag = '"v1"';
const answers = [
  answer(
    206,
    {
      etag,
      'content-range': `bytes ${half}-${content.length - 1}/${content.length}`,
      'content-length': String(content.length - half),
    },
    content.subarray(half),
  ),
  answer(
    200,
    {
      etag,
      'content-length': String(content.length),
      'x-goog-hash': `crc32c=AAAAAA==,md5=${createHash('md5').update(content).digest('base64')}`,
    },
    content,
  ),
  answer(200, {}, content),
  answer(200, { 'content-type': 'text/html' }, '<!doctype html><html><body>Log in</body></html>'),
  answer(302, { location: 'https://other.invalid/elsewhere?signature=x' }, ''),
  answer(429, { 'retry-after': '7', ratelimit: '"api";r=0;t=55' }, 'slow down'),
  answer(503, { 'retry-after': 'Wed, 21 Oct 2030 07:28:00 GMT' }, ''),
  answer(416, { 'content-range': `bytes */${content.length}` }, ''),
];

/** One answer to every request: the result must be the file or no file. */
export const serverAnswer: FuzzTarget = {
  seeds: () => answers,
  words: [
    '200\n',
    '206\n',
    '416\n',
    'content-range: bytes 0-0/1\n',
    'content-range: bytes 20-10/*\n',
    'etag: W/"v1"\n',
    'content-length: 999999999999999\n',
    'content-encoding: gzip\n',
    'location: \n',
    'location: file:///etc/passwd\n',
    'retry-after: -1\n',
    'x-goog-hash: crc32c=,md5=\n',
    '\n\n',
    '<html>',
  ],
  async parse(input, folder): Promise<Outcome> {
    const make = responseMaker(Buffer.from(input));
    if (make === null) return 'refused'; // no server's answer reaches the lab like this
    const { headers } = make();
    const wait = askedToWait(headers);
    require(wait === null || (Number.isFinite(wait) && wait >= 0), `it is asked to wait ${wait} ms`);
    for (const { expected } of storageHashes(headers)) require(/^[0-9a-f]*$/.test(expected), `a hash is ${expected}`);
    return tryDownload(folder, make);
  },
};

async function tryDownload(folder: string, make: () => Response): Promise<Outcome> {
  const file = join(folder, 'file');
  writeFileSync(`${file}.part`, content.subarray(0, half));
  writeFileSync(
    `${file}.part.json`,
    JSON.stringify({ url: asked.href, etag, lastModified: null, size: content.length }),
  );
  let told: string | undefined;
  globalThis.fetch = (url, init) => {
    const target = url as URL;
    if (target.origin !== asked.origin && new Headers(init?.headers).has('authorization')) told = target.href;
    return Promise.resolve(make());
  };
  try {
    await download({
      url: asked,
      file,
      what: 'file',
      headers: { authorization: `Bearer ${secret}` },
      expected: { checksums: [sha256(createHash('sha256').update(content).digest('hex'))] },
      checksumsOf: storageHashes,
      patience,
    });
    require(readFileSync(file).equals(content), 'what bears the name of the file is not the file');
    require(readdirSync(folder).join() === 'file', `beside the file there are ${readdirSync(folder).join(', ')}`);
    return 'accepted';
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    require(!existsSync(file) &&
      !existsSync(`${file}.part.lock`), `it is refused, and ${readdirSync(folder).join(', ')} stay`);
    require(!`${error.message} ${error.fix}`.includes(secret), 'the token stands in the message');
    return 'refused';
  } finally {
    require(told === undefined, `the token was sent to ${told}`);
  }
}

const patience = { retries: 1, firstWait: 0, longestWait: 0, longestAsked: 0, stall: 2000 };

// --- References ------------------------------------------------------------------------------------

export const references: FuzzTarget = {
  seeds: () =>
    [
      'kaggle:stackoverflow/statsquestions@2',
      'kaggle:a/b',
      'hf:distilbert-base-uncased',
      'hf:sentence-transformers/all-MiniLM-L6-v2@refs/pr/1',
    ].map((text) => Buffer.from(text)),
  words: ['@', '/', '..', 'hf:', 'kaggle:', '%2e', '\\', '#', '?', ' ', '\0', 'é'],
  parse(input) {
    const text = Buffer.from(input).toString('utf8');
    const formatted = text.startsWith('kaggle:')
      ? formatKaggleReference(parseKaggleReference(text))
      : formatHubReference(parseHubReference(text));
    require(formatted === text ||
      `${formatted}@main` === text, `${JSON.stringify(text)} becomes ${JSON.stringify(formatted)}`);
    require(!/(^|[/:@])\.\.?([/@]|$)|[\\?#%\0 ]/.test(formatted), `${JSON.stringify(formatted)} can lead elsewhere`);
    return 'accepted';
  },
};

// --- Credentials -----------------------------------------------------------------------------------

export const kaggleJson: FuzzTarget = {
  seeds: () => [
    Buffer.from(JSON.stringify({ username: 'somebody', key: secret })),
    Buffer.from(JSON.stringify({ username: 'somebody', key: 'do-not-tell-0123456789' })),
  ],
  mutators: [mutateJson],
  parse(input, folder) {
    mkdirSync(join(folder, 'home'));
    writeFileSync(join(folder, 'kaggle.json'), input);
    try {
      const found = findKaggleCredentials({ HOME: join(folder, 'home'), KAGGLE_CONFIG_DIR: folder });
      require(found !== null && found.secret !== '' && found.username !== '', 'something is empty');
      require(/^(Bearer|Basic) /.test(kaggleAuthorization(found)), 'it makes no header');
      return 'accepted';
    } catch (error) {
      if (error instanceof LabError)
        require(!`${error.message} ${error.fix}`.includes('do-not-tell'), 'the key stands in the message');
      throw error;
    }
  },
};
