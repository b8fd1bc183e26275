/**
 * The first `depth` documents of each query, collected from blocks of similarities. If similarities are equal, the
 * document with the lower id (compared as strings, by code unit) is ahead. A similarity that is not a number counts as
 * lower than any other.
 */
export class TopDocuments {
  readonly #depth: number;
  readonly #idOf: (document: number) => string;
  /** Per query, best first: [queries, depth]. */
  readonly #similarities: Float32Array;
  readonly #documents: Int32Array;
  readonly #counts: Int32Array;

  /** @param idOf the id of a document, by its number */
  constructor(queries: number, depth: number, idOf: (document: number) => string) {
    this.#depth = depth;
    this.#idOf = idOf;
    this.#similarities = new Float32Array(queries * depth);
    this.#documents = new Int32Array(queries * depth);
    this.#counts = new Int32Array(queries);
  }

  /** Considers documents `first`, `first` + 1, … with their similarities to one query. */
  offer(query: number, row: Float32Array, first: number): void {
    const start = query * this.#depth;
    for (let i = 0; i < row.length; i++) {
      const similarity = Number.isNaN(row[i]!) ? -Infinity : row[i]!;
      const count = this.#counts[query]!;
      if (count === this.#depth && !this.#isAhead(similarity, first + i, start + count - 1)) continue;
      let place = start + Math.min(count, this.#depth - 1);
      for (; place > start && this.#isAhead(similarity, first + i, place - 1); place--) {
        this.#similarities[place] = this.#similarities[place - 1]!;
        this.#documents[place] = this.#documents[place - 1]!;
      }
      this.#similarities[place] = similarity;
      this.#documents[place] = first + i;
      this.#counts[query] = Math.min(count + 1, this.#depth);
    }
  }

  #isAhead(similarity: number, document: number, place: number): boolean {
    const other = this.#similarities[place]!;
    return similarity > other || (similarity === other && this.#idOf(document) < this.#idOf(this.#documents[place]!));
  }

  /** Best first. */
  ofQuery(query: number): { readonly id: string; readonly similarity: number }[] {
    const start = query * this.#depth;
    return Array.from({ length: this.#counts[query]! }, (_, rank) => ({
      id: this.#idOf(this.#documents[start + rank]!),
      similarity: this.#similarities[start + rank]!,
    }));
  }
}
