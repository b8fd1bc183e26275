/** A tokenizer turns text into token ids of a fixed vocabulary. */
export interface Tokenizer {
  /** Highest token id + 1: the number of rows of a token embedding. */
  readonly vocabularySize: number;
  /** Pads the texts of a batch to the longest one. */
  readonly padId: number;
  /** Ids of special tokens ([PAD], [UNK], [CLS], …), ascending. */
  readonly specialIds: readonly number[];
  /** Number of special tokens after a text. */
  readonly tokensBehind: number;
  /** sha256 (hexadecimal) of everything that decides the ids. */
  readonly hash: string;
  /** Its file, for error messages. */
  readonly where: string;
  /**
   * Token ids of a text with its special tokens, at most `maxLength` of them: a text that is too long is cut at its
   * end, and keeps its special tokens. Throws a LabError if `maxLength` leaves no room for text.
   */
  encode(text: string, maxLength: number): Int32Array;
  /** The token of an id; RangeError for an id outside the vocabulary. */
  token(id: number): string;
  /** `tokenizer.json` content that gives the same tokenizer, padding token included. */
  toJson(): string;
}
