/** Tokens of a whole corpus: in portions, with as many threads as pay off. */
import { availableParallelism } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import type { Tokenizer } from './tokenizer.ts';
import { TokenizingThreads } from './tokenizingThreads.ts';
import { bytesPerId, type TokenStore } from './tokenStore.ts';
import { joinTables, tokenizeTexts, type TokenTable } from './tokenTable.ts';

export interface TokenizingOptions {
  /** Called after every portion with the number of finished texts. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  /** Aborting rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** 1 uses only this thread; by default one per processor, fewer for few texts. */
  readonly threads?: number | undefined;
}

/** Characters of a portion: some hundredths of a second of work, then other events are handled. */
const portionCharacters = 2 ** 16;
/** A thread must have this many characters to encode: its start takes about as long as encoding them. */
const charactersPerThread = 2_000_000;

/**
 * The tokens of all texts, in memory, at most `maxLength` for each text. The ids and their order do not depend on the
 * number of threads. Throws the tokenizer's LabErrors.
 */
export async function tokenizeCorpus(
  texts: readonly string[],
  tokenizer: Tokenizer,
  maxLength: number,
  options: TokenizingOptions = {},
): Promise<TokenStore> {
  const tables: TokenTable[] = [];
  for await (const table of tokenTables(texts, tokenizer, maxLength, options)) tables.push(table);
  return joinTables(tables, bytesPerId(tokenizer.vocabularySize));
}

/** The same, one portion after the other: memory stays bounded if the caller does not keep them. */
export async function* tokenTables(
  texts: readonly string[],
  tokenizer: Tokenizer,
  maxLength: number,
  options: TokenizingOptions = {},
): AsyncGenerator<TokenTable, void> {
  const { onProgress, signal, threads = threadsWorth(texts) } = options;
  let done = 0;
  for await (const table of threads > 1
    ? inThreads(texts, tokenizer, maxLength, threads)
    : inThisThread(texts, tokenizer, maxLength)) {
    signal?.throwIfAborted();
    yield table;
    done += table.lengths.length;
    onProgress?.(done, texts.length);
  }
}

async function* inThisThread(
  texts: readonly string[],
  tokenizer: Tokenizer,
  maxLength: number,
): AsyncGenerator<TokenTable, void> {
  for (const portion of portionsOf(texts)) {
    yield tokenizeTexts(portion, tokenizer, maxLength);
    await setImmediate();
  }
}

/** Each thread has two portions: one in work, one waiting, so that the thread never waits. */
async function* inThreads(
  texts: readonly string[],
  tokenizer: Tokenizer,
  maxLength: number,
  count: number,
): AsyncGenerator<TokenTable, void> {
  const threads = new TokenizingThreads(tokenizer, maxLength, count);
  const underWay: Promise<TokenTable>[] = [];
  try {
    for (const portion of portionsOf(texts)) {
      underWay.push(threads.tokenize(portion));
      if (underWay.length === 2 * count) yield await underWay.shift()!;
    }
    for (const table of underWay) yield await table;
  } finally {
    await threads.end();
  }
}

function* portionsOf(texts: readonly string[]): Generator<string[], void> {
  let start = 0;
  let characters = 0;
  for (let end = 1; end <= texts.length; end++) {
    characters += texts[end - 1]!.length;
    if (characters < portionCharacters && end < texts.length) continue;
    yield texts.slice(start, end);
    start = end;
    characters = 0;
  }
}

function threadsWorth(texts: readonly string[]): number {
  const characters = texts.reduce((sum, { length }) => sum + length, 0);
  return Math.min(availableParallelism(), Math.floor(characters / charactersPerThread));
}
