import type { Tokenizer } from './tokenizer.ts';
import { bytesPerId, idsInMemory, newTokenIds, TokenStore, type TokenIds } from './tokenStore.ts';

/** The tokens of some texts. */
export interface TokenTable {
  /** Ids of all texts, one after the other. */
  readonly ids: TokenIds;
  /** Number of tokens of each text. */
  readonly lengths: Uint32Array;
  /** Number of texts that were cut because they were longer than the maximum length. */
  readonly truncated: number;
}

/**
 * Encodes every text, in order, to at most `maxLength` tokens each. Throws the tokenizer's LabError if `maxLength` is
 * too small, or a text cannot be encoded.
 */
export function tokenizeTexts(texts: readonly string[], tokenizer: Tokenizer, maxLength: number): TokenTable {
  tokenizer.encode('', maxLength); // throws if there is no room for text
  const bytes = bytesPerId(tokenizer.vocabularySize);
  const lengths = new Uint32Array(texts.length);
  let ids = newTokenIds(bytes, 1024);
  let used = 0;
  let truncated = 0;
  texts.forEach((text, index) => {
    // With room for one more token, a text that is cut differs from one that ends here.
    const textIds = tokenizer.encode(text, maxLength + 1);
    const length = Math.min(textIds.length, maxLength);
    if (used + length > ids.length) {
      const larger = newTokenIds(bytes, 2 * (used + length));
      larger.set(ids);
      ids = larger;
    }
    ids.set(textIds.subarray(0, length), used);
    if (length < textIds.length) {
      ids.set(textIds.subarray(textIds.length - tokenizer.tokensBehind), used + length - tokenizer.tokensBehind);
      truncated++;
    }
    used += length;
    lengths[index] = length;
  });
  return { ids: ids.slice(0, used), lengths, truncated };
}

/** The tokens of several tables as one store in memory. `bytes` per id, for the case without tables. */
export function joinTables(tables: readonly TokenTable[], bytes: 2 | 4): TokenStore {
  const offsets = offsetsOf(tables.map(({ lengths }) => lengths));
  const ids = newTokenIds(bytes, offsets.at(-1)!);
  let used = 0;
  for (const table of tables) {
    ids.set(table.ids, used);
    used += table.ids.length;
  }
  return new TokenStore(
    offsets,
    tables.reduce((sum, { truncated }) => sum + truncated, 0),
    idsInMemory(ids),
  );
}

/** Start of each text and end of the last one, from all lengths. */
export function offsetsOf(lengths: readonly Uint32Array[]): Float64Array {
  const offsets = new Float64Array(lengths.reduce((sum, { length }) => sum + length, 1));
  let text = 0;
  for (const some of lengths) {
    for (const length of some) {
      offsets[text + 1] = offsets[text]! + length;
      text++;
    }
  }
  return offsets;
}
