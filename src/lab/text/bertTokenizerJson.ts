/** How BERT's tokenizer treats text before it looks up word pieces. */
export interface BertNormalisation {
  readonly lowercase: boolean;
  /** null: the same as lower-casing. */
  readonly strip_accents: boolean | null;
  readonly handle_chinese_chars: boolean;
}

/** The special tokens, under their usual names. */
export interface BertSpecialTokens {
  readonly pad: string;
  readonly unknown: string;
  readonly start: string;
  readonly end: string;
  readonly mask: string;
}

export const bertSpecialTokens: BertSpecialTokens = {
  pad: '[PAD]',
  unknown: '[UNK]',
  start: '[CLS]',
  end: '[SEP]',
  mask: '[MASK]',
};
export const continuation = '##';
/** Longer words become the unknown token. */
export const maximumWordCharacters = 100;

/**
 * The `tokenizer.json` of a BERT tokenizer: word pieces by id, a text between its start and end
 * tokens. Special tokens that are not in `tokens` are omitted.
 */
export function bertTokenizerJson(
  tokens: readonly string[],
  normalisation: BertNormalisation,
  special: BertSpecialTokens = bertSpecialTokens,
): object {
  const { pad, unknown, start, end, mask } = special;
  const idOf = new Map(tokens.map((token, id) => [token, id]));
  const frame = (token: string): object => ({ SpecialToken: { id: token, type_id: 0 } });
  const sequence = (id: string): object => ({ Sequence: { id, type_id: 0 } });
  const template = (token: string): object => ({ id: token, ids: [idOf.get(token)], tokens: [token] });
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [pad, unknown, start, end, mask]
      .filter((content) => idOf.has(content))
      .map((content) => ({
        id: idOf.get(content),
        content,
        single_word: false,
        lstrip: false,
        rstrip: false,
        normalized: false,
        special: true,
      })),
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: normalisation.handle_chinese_chars,
      strip_accents: normalisation.strip_accents,
      lowercase: normalisation.lowercase,
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: {
      type: 'TemplateProcessing',
      single: [frame(start), sequence('A'), frame(end)],
      pair: [frame(start), sequence('A'), frame(end), sequence('B'), frame(end)],
      special_tokens: { [start]: template(start), [end]: template(end) },
    },
    decoder: { type: 'WordPiece', prefix: continuation, cleanup: true },
    model: {
      type: 'WordPiece',
      unk_token: unknown,
      continuing_subword_prefix: continuation,
      max_input_chars_per_word: maximumWordCharacters,
      vocab: Object.fromEntries(idOf),
    },
  };
}
