import type { Tokenizer } from '../../text/tokenizer.ts';
import { writeJson, writeText } from './parts.ts';

/** A tokenizer in the files of Hugging Face's programs. */

interface TokenizerJson {
  readonly model: { readonly type: string; readonly unk_token?: string | null };
  readonly added_tokens: readonly { readonly content: string; readonly special?: boolean }[];
}

/** tokenizer.json, tokenizer_config.json, special_tokens_map.json, and vocab.txt if that is enough. */
export function writeTokenizerFiles(folder: string, tokenizer: Tokenizer, maxLength: number): void {
  const json = contentOf(tokenizer);
  const special = specialTokens(json, tokenizer, maxLength);
  writeTokenizerJson(folder, 'tokenizer.json', tokenizer, maxLength);
  // This class uses tokenizer.json unchanged; the classes of single architectures change its normaliser.
  writeJson(folder, 'tokenizer_config.json', {
    tokenizer_class: 'PreTrainedTokenizerFast',
    model_max_length: maxLength,
    model_input_names: ['input_ids', 'attention_mask'],
    clean_up_tokenization_spaces: false,
    ...special,
  });
  writeJson(folder, 'special_tokens_map.json', special);
  const tokens = tokensInOrder(tokenizer);
  if (json.model.type === 'WordPiece' && tokens) writeText(folder, 'vocab.txt', `${tokens.join('\n')}\n`);
}

/** Texts are truncated as in training: `maxLength` includes special tokens. */
export function writeTokenizerJson(folder: string, name: string, tokenizer: Tokenizer, maxLength: number): void {
  const truncation = { direction: 'Right', max_length: maxLength, strategy: 'LongestFirst', stride: 0 };
  writeText(folder, name, JSON.stringify({ ...contentOf(tokenizer), truncation }));
}

/** The number of special tokens around a text. */
export function framingTokens(tokenizer: Tokenizer, maxLength: number): number {
  return tokenizer.encode('', maxLength).length;
}

function contentOf(tokenizer: Tokenizer): TokenizerJson {
  return JSON.parse(tokenizer.toJson()) as TokenizerJson;
}

/** By role: the tokens around a text, unknown, padding and, if there is one, mask. */
function specialTokens(
  { model, added_tokens }: TokenizerJson,
  tokenizer: Tokenizer,
  maxLength: number,
): Record<string, string> {
  const framing = tokenizer.encode('', maxLength);
  const [first, last] = [framing.at(0), framing.length > 1 ? framing.at(-1) : undefined];
  const mask = added_tokens.find(({ content, special }) => special && /^[[<]mask[\]>]$/i.test(content));
  return {
    ...(first !== undefined && { cls_token: tokenizer.token(first) }),
    ...(last !== undefined && { sep_token: tokenizer.token(last) }),
    ...(typeof model.unk_token === 'string' && { unk_token: model.unk_token }),
    pad_token: tokenizer.token(tokenizer.padId),
    ...(mask && { mask_token: mask.content }),
  };
}

/** Null if an id has no token: a list without it would shift the others. */
function tokensInOrder(tokenizer: Tokenizer): string[] | null {
  const tokens: string[] = [];
  for (let id = 0; id < tokenizer.vocabularySize; id++) {
    try {
      tokens.push(tokenizer.token(id));
    } catch (error) {
      if (error instanceof RangeError) return null;
      throw error;
    }
  }
  return tokens;
}
