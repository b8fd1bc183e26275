import type { Tokenizer } from './tokenizer.ts';

/** Token ids of one text: two bytes each where the vocabulary allows it. */
export type TokenIds = Uint16Array | Uint32Array;

/** What a token store consists of: also what its cache file holds. */
export interface TokenTable {
  /** Ids of all texts, one after the other. */
  readonly ids: TokenIds;
  /** Where each text starts in `ids`, and behind them where the last one ends. */
  readonly offsets: Uint32Array;
  /** How many texts lost their end because they were longer than the maximum length. */
  readonly truncated: number;
}

/** The token ids of a corpus, special tokens included, in one compact table. */
export class TokenStore {
  readonly table: TokenTable;

  constructor(table: TokenTable) {
    this.table = table;
  }

  /** Number of texts. */
  get size(): number {
    return this.table.offsets.length - 1;
  }

  /** Number of tokens of all texts together. */
  get tokens(): number {
    return this.table.ids.length;
  }

  get truncated(): number {
    return this.table.truncated;
  }

  /** Ids of text `index`: a view into the table, not a copy; do not write to it. */
  ids(index: number): TokenIds {
    return this.table.ids.subarray(this.#offset(index), this.#offset(index + 1));
  }

  /** Number of tokens of text `index`. */
  length(index: number): number {
    return this.#offset(index + 1) - this.#offset(index);
  }

  #offset(index: number): number {
    const offset = this.table.offsets[index];
    if (offset === undefined) throw new RangeError(`no text ${index} in a token store of ${this.size} texts`);
    return offset;
  }
}

/** Called now and then with how many of all texts are done, and at the end. */
export type TokenizingProgress = (done: number, total: number) => void;

const textsBetweenReports = 1000;

/**
 * Encodes every text, in order, to at most `maxLength` tokens each. Throws the tokenizer's LabError
 * where `maxLength` is too small.
 */
export function tokenizeCorpus(
  texts: readonly string[],
  tokenizer: Tokenizer,
  maxLength: number,
  onProgress?: TokenizingProgress,
): TokenStore {
  const offsets = new Uint32Array(texts.length + 1);
  let ids = newIds(tokenizer, 1024);
  let used = 0;
  let truncated = 0;
  texts.forEach((text, index) => {
    const textIds = tokenizer.encode(text, maxLength);
    // A full text may have ended here or been cut: one more token of room tells.
    if (textIds.length === maxLength && tokenizer.encode(text, maxLength + 1).length > maxLength) truncated++;
    if (used + textIds.length > ids.length) {
      const larger = newIds(tokenizer, 2 * (used + textIds.length));
      larger.set(ids);
      ids = larger;
    }
    ids.set(textIds, used);
    used += textIds.length;
    offsets[index + 1] = used;
    if ((index + 1) % textsBetweenReports === 0) onProgress?.(index + 1, texts.length);
  });
  onProgress?.(texts.length, texts.length);
  return new TokenStore({ ids: ids.slice(0, used), offsets, truncated });
}

function newIds(tokenizer: Tokenizer, length: number): TokenIds {
  return tokenizer.vocabularySize <= 2 ** 16 ? new Uint16Array(length) : new Uint32Array(length);
}
