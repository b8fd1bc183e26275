/**
 * Speed of tokenising and of reading stored tokens. Uses BERT's vocabulary and the words of real sites if they are
 * beside the repository, otherwise a vocabulary trained on the sample. Prints JSON: `node bench/processes/tokenise.ts
 * THREADS`.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cleanHtml } from '../../../src/lab/data/text.ts';
import { randomStream } from '../../../src/lab/base/random.ts';
import { parseTokenizer, readTokenizer } from '../../../src/lab/text/huggingFaceTokenizer.ts';
import { cachedTokenizeCorpus } from '../../../src/lab/text/tokenCache.ts';
import type { Tokenizer } from '../../../src/lab/text/tokenizer.ts';
import { trainWordPiece } from '../../../src/lab/text/trainWordPiece.ts';

export interface TokeniseFigures {
  readonly texts: number;
  readonly tokens: number;
  readonly tokensPerSecond: number;
  /** Seconds to open the file, which is checked completely. */
  readonly openSeconds: number;
  /** Seconds to read the texts of a batch from the file. */
  readonly batchMilliseconds: number;
}

/** About the questions of Kaggle's statsquestions, or half of their answers. */
const texts = 85_000;
const wordsPerText = 150;
/** Number of rare words: real texts always contain new ones. */
const newWords = 2;
const maxLength = 128;
const batchTexts = 128;
const shared = join(import.meta.dirname, '../../../../shared/data');

function wordsOfSites(): string[] {
  const sites = readdirSync(shared).filter((name) => existsSync(join(shared, name, 'Posts.xml')));
  const bodies = sites.flatMap((name) => [
    ...readFileSync(join(shared, name, 'Posts.xml'), 'utf8').matchAll(/Body="([^"]*)"/g),
  ]);
  return bodies.flatMap(([, body]) =>
    cleanHtml(body!.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&')).split(' '),
  );
}

function wordsOfSample(): string[] {
  return readFileSync(new URL('../../../resources/sample/questions.jsonl', import.meta.url), 'utf8').split(/[\s"]+/);
}

function tokenizerFor(words: readonly string[]): Tokenizer {
  const bert = join(shared, 'tok-all-MiniLM-L6-v2/tokenizer.json');
  return existsSync(bert)
    ? readTokenizer(bert)
    : parseTokenizer(trainWordPiece([words.join(' ')], { vocabularySize: 30_000 }), 'trained');
}

/** Words with their real frequency, and some unknown words. */
function makeTexts(words: readonly string[]): string[] {
  const random = randomStream(1, 'resampling', 'bench-tokenise');
  const word = (): string => {
    const known = words[random.integer(words.length)]!;
    return random.integer(100) < newWords ? `${known}${random.integer(1e6)}` : known;
  };
  return Array.from({ length: texts }, () => Array.from({ length: wordsPerText }, word).join(' '));
}

const words = existsSync(shared) ? wordsOfSites() : wordsOfSample();
const tokenizer = tokenizerFor(words);
const corpus = makeTexts(words);
const folder = mkdtempSync(join(tmpdir(), 'losslab-bench-tokenise-'));
try {
  const started = performance.now();
  const { store } = await cachedTokenizeCorpus(corpus, tokenizer, maxLength, folder, {
    threads: Number(process.argv[2]),
  });
  const seconds = (performance.now() - started) / 1000;
  const opening = performance.now();
  const { store: fromFile, fromCache } = await cachedTokenizeCorpus(corpus, tokenizer, maxLength, folder, {
    memoryBytes: 0,
  });
  if (!fromCache) throw new Error('The tokens were not found again.');
  const openSeconds = (performance.now() - opening) / 1000;
  const random = randomStream(1, 'resampling', 'bench-batches');
  const batches = 200;
  const reading = performance.now();
  for (let i = 0; i < batches * batchTexts; i++) fromFile.ids(random.integer(texts));
  const batchMilliseconds = (performance.now() - reading) / batches;
  fromFile.close();
  console.log(
    JSON.stringify({
      texts,
      tokens: store.tokens,
      tokensPerSecond: store.tokens / seconds,
      openSeconds,
      batchMilliseconds,
    } satisfies TokeniseFigures),
  );
} finally {
  rmSync(folder, { recursive: true });
}
