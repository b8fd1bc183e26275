/** Token ids of one text: two bytes each if the vocabulary is small enough. */
export type TokenIds = Uint16Array | Uint32Array;

/** Bytes per id of a vocabulary. */
export function bytesPerId(vocabularySize: number): 2 | 4 {
  return vocabularySize <= 2 ** 16 ? 2 : 4;
}

export function newTokenIds(bytes: 2 | 4, length: number): TokenIds {
  return bytes === 2 ? new Uint16Array(length) : new Uint32Array(length);
}

/** Reads the ids from position `start` up to `end` in the sequence of all texts. */
export interface IdSource {
  read(start: number, end: number): TokenIds;
  close(): void;
}

/** The token ids of a corpus, special tokens included: in memory, or in a file that is read text by text. */
export class TokenStore {
  /** Start of each text, then the end of the last one. Doubles, because a large corpus has more than 2^32 tokens. */
  readonly offsets: Float64Array;
  /** Number of texts that were cut because they were longer than the maximum length. */
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

  /** Ids of text `index`; this can be a view into the ids of all texts: do not write to it. */
  ids(index: number): TokenIds {
    return this.#source.read(this.#offset(index), this.#offset(index + 1));
  }

  /** Number of tokens of text `index`. */
  length(index: number): number {
    return this.#offset(index + 1) - this.#offset(index);
  }

  /** Closes the file, if there is one; ids cannot be read afterwards. */
  close(): void {
    this.#source.close();
  }

  #offset(index: number): number {
    const offset = this.offsets[index];
    if (offset === undefined) throw new RangeError(`no text ${index} in a token store of ${this.size} texts`);
    return offset;
  }
}

/** Ids in memory; reading returns views. */
export function idsInMemory(ids: TokenIds): IdSource {
  return { read: (start, end) => ids.subarray(start, end), close: () => undefined };
}
