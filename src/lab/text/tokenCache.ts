/**
 * Keeps the tokens of a corpus on disk, so that the next run on the same texts does not compute them again. A file is
 * used only if it is complete and was made from the same texts, tokenizer and maximum length. Otherwise this is
 * reported, and the texts are tokenised again.
 */
import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { LabError } from '../../shared/errors.ts';
import { asStorageError } from '../files/storage.ts';
import { removeTemporaryFiles } from '../files/leftovers.ts';
import { tokenTables, type TokenizingOptions } from './tokenizeCorpus.ts';
import type { Tokenizer } from './tokenizer.ts';
import { openTokenFile, TokenFileWriter } from './tokenFile.ts';
import { bytesPerId, type TokenStore } from './tokenStore.ts';
import { joinTables, type TokenTable } from './tokenTable.ts';

export interface CachedTokens {
  readonly store: TokenStore;
  readonly fromCache: boolean;
  /** Messages: why a cache file was ignored, or why none could be written. */
  readonly notes: readonly string[];
}

export interface TokenCacheOptions extends TokenizingOptions {
  /** If the ids take more bytes, they are read from the file, text by text. */
  readonly memoryBytes?: number | undefined;
}

export type LoadedTokens = { readonly store: TokenStore } | { readonly ignored: string } | { readonly absent: true };

/** 128 million tokens at two bytes, a million texts of 128. */
const usualMemoryBytes = 2 ** 28;

/**
 * The tokens of `texts`: read from `folder` if they are there, otherwise computed and stored there. If the folder
 * cannot be read or written, `notes` says so and the run continues; a `storage` LabError is thrown only if the tokens
 * do not fit into memory. Throws the tokenizer's LabErrors, and the reason of `signal` when aborted; incomplete files
 * are removed.
 */
export async function cachedTokenizeCorpus(
  texts: readonly string[],
  tokenizer: Tokenizer,
  maxLength: number,
  folder: string,
  options: TokenCacheOptions = {},
): Promise<CachedTokens> {
  const { memoryBytes = usualMemoryBytes } = options;
  const key = tokenCacheKey(texts, tokenizer, maxLength);
  const loaded = loadTokens(folder, key, memoryBytes);
  if ('store' in loaded) return { store: loaded.store, fromCache: true, notes: [] };
  const bytes = bytesPerId(tokenizer.vocabularySize);
  const making = new TokensBeingMade(cachePath(folder, key), key, bytes, memoryBytes);
  try {
    for await (const table of tokenTables(texts, tokenizer, maxLength, options)) making.add(table);
    const tables = making.finish();
    const store = tables ? joinTables(tables, bytes) : readBack(folder, key, memoryBytes);
    const notes = ['ignored' in loaded ? `${loaded.ignored} The texts were tokenised again.` : undefined, making.note];
    return { store, fromCache: false, notes: notes.filter((note) => note !== undefined) };
  } finally {
    making.end();
  }
}

/** Tokens that have just been written. */
function readBack(folder: string, key: string, memoryBytes: number): TokenStore {
  const loaded = loadTokens(folder, key, memoryBytes);
  if ('store' in loaded) return loaded.store;
  throw new LabError(
    'storage',
    'ignored' in loaded ? loaded.ignored : `The token cache in ${folder} was removed while LossLab wrote it.`,
    'Start the run again.',
  );
}

/** sha256 (hexadecimal) of everything that the tokens depend on. */
export function tokenCacheKey(texts: readonly string[], tokenizer: Tokenizer, maxLength: number): string {
  const hash = createHash('sha256').update(`${tokenizer.hash} ${maxLength} ${texts.length}\n`);
  // The length comes first, so that two lists with the same joined text have different hashes.
  for (const text of texts) hash.update(`${text.length} ${text}`);
  return hash.digest('hex');
}

/** The stored tokens of a key, or why they cannot be used. */
export function loadTokens(folder: string, key: string, memoryBytes = usualMemoryBytes): LoadedTokens {
  const path = cachePath(folder, key);
  try {
    const opened = openTokenFile(path, key, memoryBytes);
    return 'store' in opened ? opened : { ignored: `The token cache ${path} was ignored: ${opened.fault}.` };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { absent: true };
    return { ignored: `The token cache ${path} cannot be read: ${(error as Error).message}.` };
  }
}

function cachePath(folder: string, key: string): string {
  return join(folder, `${key.slice(0, 32)}.tokens`);
}

/** Collects tokens: in the file while it can be written, and in memory while they fit. */
class TokensBeingMade {
  /** Why no file was written. */
  note: string | undefined;
  readonly #path: string;
  readonly #memoryBytes: number;
  #file: TokenFileWriter | null = null;
  #tables: TokenTable[] | null = [];
  #bytes = 0;
  #failure: Error | undefined;

  constructor(path: string, key: string, bytes: 2 | 4, memoryBytes: number) {
    this.#path = path;
    this.#memoryBytes = memoryBytes;
    this.#write(() => {
      mkdirSync(dirname(path), { recursive: true });
      removeTemporaryFiles(dirname(path), (file) => file.endsWith('.tokens'));
      this.#file = new TokenFileWriter(path, key, bytes);
    });
  }

  add(table: TokenTable): void {
    this.#bytes += table.ids.byteLength;
    if (this.#bytes > this.#memoryBytes) this.#tables = null;
    this.#tables?.push(table);
    this.#write(() => this.#file?.add(table));
  }

  /** The tables if they are all in memory; otherwise null, and they are in the file. */
  finish(): readonly TokenTable[] | null {
    this.#write(() => this.#file?.finish());
    return this.#tables;
  }

  /** Removes an unfinished file. */
  end(): void {
    this.#file?.abandon();
    this.#file = null;
  }

  #write(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.end();
      this.#failure = error as Error;
      this.note = `The token cache could not be written: ${this.#failure.message}.`;
    }
    if (this.#failure && this.#tables === null) throw asStorageError(this.#failure, this.#path);
  }
}
