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
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: true,
      strip_accents: null,
      lowercase: true,
    },
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

/** The same with so many more tokens that ids need more than two bytes: `t0` is 17, and so on up to `t69999`. */
export function largeTokenizerJson(): ReturnType<typeof smallTokenizerJson> {
  const json = smallTokenizerJson();
  const more = Array.from({ length: 70_000 }, (_, i) => [`t${i}`, 17 + i] as const);
  return { ...json, model: { ...json.model, vocab: { ...json.model.vocab, ...Object.fromEntries(more) } } };
}
