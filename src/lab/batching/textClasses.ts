import { hash } from 'node:crypto';

/**
 * Texts that say the same: equal after Unicode normalisation (NFKC) and in lower case, with white
 * space and punctuation collapsed. A text that has no twin is a class of its own.
 */
export class TextClasses {
  /** The first text of the class, for every text that is not the first. */
  private readonly firstOf: ReadonlyMap<number, number>;

  private constructor(firstOf: ReadonlyMap<number, number>) {
    this.firstOf = firstOf;
  }

  /** Every text a class of its own. */
  static readonly distinct = new TextClasses(new Map());

  /** Of the given texts of a corpus (indices); one pass over them. Hashes are kept while it lasts, not texts. */
  static among(texts: Iterable<number>, textAt: (index: number) => string): TextClasses {
    const firstWith = new Map<string, number>();
    const firstOf = new Map<number, number>();
    for (const text of texts) {
      const key = hash('sha1', normalised(textAt(text)), 'base64');
      const first = firstWith.get(key);
      if (first === undefined) firstWith.set(key, text);
      else firstOf.set(text, first);
    }
    return new TextClasses(firstOf);
  }

  /** A number that texts of one class share, and no others. */
  of(text: number): number {
    return this.firstOf.get(text) ?? text;
  }
}

/** A text of nothing but punctuation stays as it is. */
function normalised(text: string): string {
  const words = text.normalize('NFKC').toLowerCase().replace(/[\p{P}\s]+/gu, ' ').trim();
  return words === '' ? text : words;
}
