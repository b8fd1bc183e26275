/**
 * Hugging Face's tokenizers library, typed here as far as it is used: its own declarations have
 * imports without file extensions, which do not resolve under Node's rules.
 */
import { Tokenizer } from '@huggingface/tokenizers';

export interface LibraryTokenizer {
  /** An id is undefined if its token is not in the vocabulary and there is no unknown token. */
  encode(text: string, options: { add_special_tokens: boolean }): { ids: (number | undefined)[]; tokens: string[] };
  readonly normalizer: { normalize(text: string): string } | null;
  readonly pre_tokenizer: { pre_tokenize_text(text: string): string[] } | null;
  readonly post_processor: {
    post_process(tokens: string[], pair: string[] | null, addSpecialTokens: boolean): { tokens: string[] };
  } | null;
}

const LibraryTokenizer = Tokenizer as new (tokenizer: object, config: object) => LibraryTokenizer;

/**
 * The library's tokenizer of a `tokenizer.json` value. Text is never decoded here, so the decoder is omitted and may be
 * of an unknown kind. Throws the library's errors.
 */
export function createLibraryTokenizer(json: object): LibraryTokenizer {
  return new LibraryTokenizer({ ...json, decoder: null }, {});
}
