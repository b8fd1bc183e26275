import type { Tokenizer } from '../../../../src/lab/tokenizers/tokenizer.ts';

const special = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'];
const pieces = ['hello', 'world', 'the', 'cat', 'sat', '##s', '##ing', 'run', '.', 'x', '##x', '中'];

/** A BERT-style `tokenizer.json` value of 17 tokens: special tokens 0–4, hello 5, world 6, … */
export function smallTokenizerJson(): {
  added_tokens: { id: number; content: string; special: boolean; normalized: boolean }[];
  normalizer: object;
  pre_tokenizer: object;
  post_processor: object;
  decoder: null;
  model: { type: string; unk_token: string; continuing_subword_prefix: string; vocab: Record<string, number> };
} {
  return {
    added_tokens: special.map((content, id) => ({ id, content, special: true, normalized: false })),
    normalizer: { type: 'BertNormalizer', clean_text: true, handle_chinese_chars: true, strip_accents: null, lowercase: true },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: { type: 'BertProcessing', sep: ['[SEP]', 3], cls: ['[CLS]', 2] },
    decoder: null,
    model: {
      type: 'WordPiece',
      unk_token: '[UNK]',
      continuing_subword_prefix: '##',
      vocab: Object.fromEntries([...special, ...pieces].map((token, id) => [token, id])),
    },
  };
}

/** A tokenizer whose ids need more than two bytes: every text is its last token. */
export const largeTokenizer: Tokenizer = {
  vocabularySize: 70_000,
  padId: 0,
  specialIds: [0],
  hash: 'large',
  encode: () => Int32Array.of(69_999),
  token: (id) => `t${id}`,
  toJson: () => '{}',
};
