import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { crc32c } from '../../src/lab/net/crc32c.ts';
import { fileServer, type FileServer, type ServedFile } from './fileServer.ts';
import { temporaryFolder } from './syntheticStore.ts';
import { writeCsvPair, type TinyQuestion } from './tinyData.ts';
import { zipOf, type ZippedFile } from './zipWriter.ts';

/** A server that hands out one dataset as Kaggle does: what is asked for leads to signed storage on another origin. */
export interface KaggleServer extends AsyncDisposable {
  readonly api: FileServer;
  readonly storage: FileServer;
  /** What the API answers with, and what the storage has. */
  readonly entry: ServedFile;
  readonly archive: ServedFile;
  /** For the lab: where this server is, and a user's folder without credentials. */
  readonly environment: NodeJS.ProcessEnv;
}

export const kaggleSource = 'kaggle:stackoverflow/statsquestions';

export async function kaggleServer(body: Uint8Array = zipOf(kaggleFiles())): Promise<KaggleServer> {
  const storage = await fileServer({
    '/archive.zip': {
      body,
      contentLength: null,
      headers: { 'content-type': 'application/zip', 'x-goog-hash': hashesOf(body) },
    },
  });
  const redirect = `${storage.origin}/archive.zip?X-Goog-Signature=SIGNATURE`;
  const api = await fileServer({
    '/api/v1/datasets/download/stackoverflow/statsquestions': { body: new Uint8Array(), redirect },
  });
  return {
    api,
    storage,
    entry: Object.values(api.files)[0]!,
    archive: storage.files['/archive.zip']!,
    environment: { HOME: temporaryFolder(), LOSSLAB_KAGGLE_ENDPOINT: api.origin },
    async [Symbol.asyncDispose]() {
      await api[Symbol.asyncDispose]();
      await storage[Symbol.asyncDispose]();
    },
  };
}

/** Questions.csv, Answers.csv and Tags.csv. */
export function kaggleFiles(questions?: readonly TinyQuestion[]): ZippedFile[] {
  const pair = writeCsvPair(temporaryFolder(), questions);
  return [
    { name: 'Answers.csv', content: readFileSync(pair.answers) },
    { name: 'Questions.csv', content: readFileSync(pair.questions) },
    { name: 'Tags.csv', content: 'Id,Tag\n1,kernel\n' },
  ];
}

export function hashesOf(body: Uint8Array): string {
  const sum = crc32c('').create();
  sum.update(body);
  return `crc32c=${Buffer.from(sum.digest(), 'hex').toString('base64')},md5=${createHash('md5').update(body).digest('base64')}`;
}
