import type { Tokenizer } from './tokenizer.ts';
import type { TokenStore } from './tokenStore.ts';

/**
 * Inverse document frequency (Spärck Jones 1972) of every token over some texts of a store, usually the distinct texts
 * of the training split, as if one more text contained every token:
 *
 * idf(t) = ln((1 + N) / (1 + df(t)))
 *
 * with N texts, df(t) of which contain token t. It is 0 for a token in every text and ln(1 + N) for a token in none.
 * Special tokens get 0.
 *
 * `texts` are indices into `store`, each at most once. Returns [vocabularySize].
 */
export function inverseDocumentFrequency(
  store: TokenStore,
  texts: readonly number[],
  tokenizer: Pick<Tokenizer, 'vocabularySize' | 'specialIds'>,
): Float32Array {
  const documentFrequency = new Uint32Array(tokenizer.vocabularySize);
  // Position + 1 of the last text that contained a token, so that it counts once per text.
  const lastSeen = new Uint32Array(tokenizer.vocabularySize);
  texts.forEach((text, position) => {
    for (const id of store.ids(text)) {
      if (lastSeen[id] === position + 1) continue;
      lastSeen[id] = position + 1;
      documentFrequency[id]!++;
    }
  });
  const weights = Float32Array.from(documentFrequency, (df) => Math.log((1 + texts.length) / (1 + df)));
  for (const id of tokenizer.specialIds) weights[id] = 0;
  return weights;
}
