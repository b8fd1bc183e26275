/**
 * Builds a vocabulary by merging pairs: starts from characters, and repeatedly makes one token of the two neighbours
 * that occur together most often (Sennrich et al. 2016, "Neural Machine Translation of Rare Words with Subword Units").
 * Each merge updates the counts that it changes; nothing is counted again.
 */

/** Distinct words as sequences of token ids, one after the other. Changed by `mergePairs`. */
export interface SymbolWords {
  /** Token ids of all words. */
  readonly symbols: Int32Array;
  /** Start of each word in `symbols`, then the end of the last one. */
  readonly starts: Int32Array;
  /** How often each word occurs. */
  readonly counts: Float64Array;
}

export interface MergeLimits {
  /** No further merge once `tokens` has this length; at most 2^20. */
  readonly vocabularySize: number;
  /** Pairs that occur less often are not merged. */
  readonly minimumFrequency: number;
}

interface Pair {
  readonly left: number;
  readonly right: number;
  count: number;
  /** Words that contain the pair, or did earlier: each at least once. */
  readonly words: number[];
}

/**
 * Appends the merged tokens to `tokens` (indexed by id), most frequent pair first; among equal
 * counts the pair whose left, then right token comes first by code units. `join` makes the text of
 * a merged token; if that token already exists, it is used.
 */
export function mergePairs(
  words: SymbolWords,
  tokens: string[],
  limits: MergeLimits,
  join: (left: string, right: string) => string,
): void {
  const table = new PairTable(words);
  const idOfToken = new Map(tokens.map((token, id) => [token, id]));
  const queue = new PairQueue(tokens, limits.minimumFrequency);
  for (const pair of table.all()) queue.push(pair);
  while (tokens.length < limits.vocabularySize) {
    const pair = queue.pop();
    if (!pair) return;
    const text = join(tokens[pair.left]!, tokens[pair.right]!);
    const merged = idOfToken.get(text) ?? tokens.push(text) - 1;
    idOfToken.set(text, merged);
    for (const grown of table.merge(pair, merged)) queue.push(grown);
  }
}

/** How often each pair of neighbours occurs, and in which words. */
class PairTable {
  readonly #words: SymbolWords;
  /** Words shrink in place: the current end of each one. */
  readonly #ends: Int32Array;
  readonly #pairs = new Map<number, Pair>();

  constructor(words: SymbolWords) {
    const { symbols, starts, counts } = words;
    this.#words = words;
    this.#ends = starts.slice(1);
    for (let word = 0; word < counts.length; word++)
      for (let i = starts[word]! + 1; i < starts[word + 1]!; i++) this.#add(symbols[i - 1]!, symbols[i]!, word);
  }

  all(): Iterable<Pair> {
    return this.#pairs.values();
  }

  /** Replaces a pair by one symbol in every word; returns the pairs that became more frequent. */
  merge(pair: Pair, merged: number): Set<Pair> {
    const grown = new Set<Pair>();
    for (const word of pair.words) this.#mergeInWord(word, pair, merged, grown);
    pair.count = 0;
    this.#pairs.delete(pairKey(pair.left, pair.right));
    return grown;
  }

  #mergeInWord(word: number, { left, right }: Pair, merged: number, grown: Set<Pair>): void {
    const { symbols, starts } = this.#words;
    const start = starts[word]!;
    const end = this.#ends[word]!;
    let written = start;
    for (let read = start; read < end; read++) {
      if (symbols[read] !== left || read + 1 === end || symbols[read + 1] !== right) {
        symbols[written++] = symbols[read]!;
        continue;
      }
      if (written > start) {
        const before = symbols[written - 1]!;
        this.#remove(before, left, word);
        grown.add(this.#add(before, merged, word));
      }
      if (read + 2 < end) {
        const after = symbols[read + 2]!;
        this.#remove(right, after, word);
        grown.add(this.#add(merged, after, word));
      }
      symbols[written++] = merged;
      read++;
    }
    this.#ends[word] = written;
  }

  #add(left: number, right: number, word: number): Pair {
    const key = pairKey(left, right);
    let pair = this.#pairs.get(key);
    if (!pair) this.#pairs.set(key, (pair = { left, right, count: 0, words: [] }));
    pair.count += this.#words.counts[word]!;
    if (pair.words.at(-1) !== word) pair.words.push(word);
    return pair;
  }

  #remove(left: number, right: number, word: number): void {
    const pair = this.#pairs.get(pairKey(left, right));
    if (pair) pair.count -= this.#words.counts[word]!;
  }
}

/** Ids are below 2^20, so that the key is exact. */
function pairKey(left: number, right: number): number {
  return left * 2 ** 20 + right;
}

/**
 * A binary heap of pairs, the next to merge at the top. A count that has fallen since the pair was pushed is noticed
 * when the pair is popped; a count that has risen must be pushed again.
 */
class PairQueue {
  readonly #tokens: readonly string[];
  readonly #minimum: number;
  readonly #heap: { readonly pair: Pair; readonly count: number }[] = [];

  constructor(tokens: readonly string[], minimum: number) {
    this.#tokens = tokens;
    this.#minimum = minimum;
  }

  push(pair: Pair): void {
    if (pair.count < this.#minimum) return;
    const heap = this.#heap;
    const entry = { pair, count: pair.count };
    let hole = heap.push(entry) - 1;
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      if (!this.#isBefore(entry, heap[parent]!)) break;
      heap[hole] = heap[parent]!;
      hole = parent;
    }
    heap[hole] = entry;
  }

  pop(): Pair | undefined {
    for (;;) {
      const top = this.#popEntry();
      if (!top || top.count === top.pair.count) return top?.pair;
      this.push(top.pair);
    }
  }

  #popEntry(): { readonly pair: Pair; readonly count: number } | undefined {
    const heap = this.#heap;
    const top = heap[0];
    const last = heap.pop();
    if (!last || last === top) return top;
    let hole = 0;
    for (let child = 1; child < heap.length; child = 2 * hole + 1) {
      if (child + 1 < heap.length && this.#isBefore(heap[child + 1]!, heap[child]!)) child++;
      if (!this.#isBefore(heap[child]!, last)) break;
      heap[hole] = heap[child]!;
      hole = child;
    }
    heap[hole] = last;
    return top;
  }

  #isBefore(a: { pair: Pair; count: number }, b: { pair: Pair; count: number }): boolean {
    if (a.count !== b.count) return a.count > b.count;
    const tokens = this.#tokens;
    if (a.pair.left !== b.pair.left) return tokens[a.pair.left]! < tokens[b.pair.left]!;
    return tokens[a.pair.right]! < tokens[b.pair.right]!;
  }
}
