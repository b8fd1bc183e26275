/** What the lab asks of a tokenizer: text in, token ids of a fixed vocabulary out. */
export interface Tokenizer {
  /** Highest token id + 1: the number of rows of a token embedding. */
  readonly vocabularySize: number;
  /** Fills a batch up to its longest text. */
  readonly padId: number;
  /** Ids that stand for no piece of text ([PAD], [UNK], [CLS], …), ascending. */
  readonly specialIds: readonly number[];
  /** How many of the special tokens around a text stand behind it. */
  readonly tokensBehind: number;
  /** sha256 (hexadecimal) of everything that decides the ids. */
  readonly hash: string;
  /** Its file, as errors name it. */
  readonly where: string;
  /**
   * Token ids of a text with its special tokens, at most `maxLength` of them: a text that is too
   * long loses its end, never its special tokens. Throws a LabError where `maxLength` has no room
   * for any text beside them.
   */
  encode(text: string, maxLength: number): Int32Array;
  /** The token of an id; RangeError for an id outside the vocabulary. */
  token(id: number): string;
  /** `tokenizer.json` content that gives the same tokenizer, padding token included. */
  toJson(): string;
}
