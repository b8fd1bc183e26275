/** Token ids of one text: two bytes each where the vocabulary allows it. */
export type TokenIds = Uint16Array | Uint32Array;

/** Bytes that the ids of a vocabulary take each. */
export function bytesPerId(vocabularySize: number): 2 | 4 {
  return vocabularySize <= 2 ** 16 ? 2 : 4;
}

export function newTokenIds(bytes: 2 | 4, length: number): TokenIds {
  return bytes === 2 ? new Uint16Array(length) : new Uint32Array(length);
}

/** Where the ids are: those from position `start` up to `end` of all texts one after the other. */
export interface IdSource {
  read(start: number, end: number): TokenIds;
  close(): void;
}

/** The token ids of a corpus, special tokens included: in memory, or in a file that is read text by text. */
export class TokenStore {
  /** Where each text starts, and behind them where the last one ends. Doubles: a large corpus has more than 2^32 tokens. */
  readonly offsets: Float64Array;
  /** How many texts lost their end because they were longer than the maximum length. */
  readonly truncated: number;
  readonly #source: IdSource;

  constructor(offsets: Float64Array, truncated: number, source: IdSource) {
    this.offsets = offsets;
    this.truncated = truncated;
    this.#source = source;
  }

  /** Number of texts. */
  get size(): number {
    return this.offsets.length - 1;
  }

  /** Number of tokens of all texts together. */
  get tokens(): number {
    return this.offsets.at(-1)!;
  }

  /** Ids of text `index`; perhaps a view into those of all texts: do not write to it. */
  ids(index: number): TokenIds {
    return this.#source.read(this.#offset(index), this.#offset(index + 1));
  }

  /** Number of tokens of text `index`. */
  length(index: number): number {
    return this.#offset(index + 1) - this.#offset(index);
  }

  /** Lets go of the file, where there is one; ids cannot be read afterwards. */
  close(): void {
    this.#source.close();
  }

  #offset(index: number): number {
    const offset = this.offsets[index];
    if (offset === undefined) throw new RangeError(`no text ${index} in a token store of ${this.size} texts`);
    return offset;
  }
}

/** Ids that are all in memory; what is read are views. */
export function idsInMemory(ids: TokenIds): IdSource {
  return { read: (start, end) => ids.subarray(start, end), close: () => undefined };
}
