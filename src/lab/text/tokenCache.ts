/**
 * Keeps the tokens of a corpus on disk, so that the next run on the same texts need not make them
 * again. A file is used only if it is whole and was made from the same texts, tokenizer and maximum
 * length; anything else is said, and the texts are tokenised again.
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
  /** For people: why a cache file was ignored, or why none could be written. */
  readonly notes: readonly string[];
}

export interface TokenCacheOptions extends TokenizingOptions {
  /** Ids that take more bytes are read from the file, text by text. */
  readonly memoryBytes?: number | undefined;
}

export type LoadedTokens = { readonly store: TokenStore } | { readonly ignored: string } | { readonly absent: true };

/** Of ids: 128 million tokens at two bytes, a million texts of 128. */
const usualMemoryBytes = 2 ** 28;

/**
 * The tokens of `texts`: from `folder` where it has them, else made and stored there. A folder that
 * cannot be read or written costs time, not the run: `notes` says so. Only where the tokens are too
 * many for memory does it end in a `storage` LabError. Throws the tokenizer's LabErrors, and the reason
 * of `signal` when aborted; nothing half-done stays behind.
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
    'ignored' in loaded ? loaded.ignored : `The token cache in ${folder} was removed while it was being made.`,
    'Start the run again.',
  );
}

/** sha256 (hexadecimal) of all that the tokens depend on. */
export function tokenCacheKey(texts: readonly string[], tokenizer: Tokenizer, maxLength: number): string {
  const hash = createHash('sha256').update(`${tokenizer.hash} ${maxLength} ${texts.length}\n`);
  // The length goes first, so that no two lists of texts hash alike by running together.
  for (const text of texts) hash.update(`${text.length} ${text}`);
  return hash.digest('hex');
}

/** The stored tokens of a key, or why what is there cannot be used. */
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

/** Tokens as they come: into the file while it can be written, into memory while they fit there. */
class TokensBeingMade {
  /** Why there is no file. */
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

  /** The tables, where they are all in memory; else they are in the file. */
  finish(): readonly TokenTable[] | null {
    this.#write(() => this.#file?.finish());
    return this.#tables;
  }

  /** Leaves nothing unfinished behind. */
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
