/**
 * Texts that say the same: equal after Unicode normalisation (NFKC) and in lower case, with white
 * space and punctuation collapsed. A text without an equal one is alone in its class.
 */
export class TextClasses {
  /** The first text of the class, for every text that is not the first. */
  readonly #firstOf: ReadonlyMap<number, number>;

  private constructor(firstOf: ReadonlyMap<number, number>) {
    this.#firstOf = firstOf;
  }

  /** Every text is alone in its class. */
  static readonly distinct = new TextClasses(new Map());

  /**
   * The classes of some texts of a corpus (indices). Texts that say the same have the same letters: comparing letters
   * separates most texts, and only the others are compared in full.
   */
  static among(texts: Iterable<number>, textAt: (index: number) => string): TextClasses {
    const firstOf = new Map<number, number>();
    for (const alike of Map.groupBy(texts, (text) => skeleton(folded(textAt(text)))).values()) {
      if (alike.length === 1) continue;
      const firstWith = new Map<string, number>();
      for (const text of alike) {
        const words = wordsOf(folded(textAt(text)));
        const first = firstWith.get(words);
        if (first === undefined) firstWith.set(words, text);
        else firstOf.set(text, first);
      }
    }
    return new TextClasses(firstOf);
  }

  /** A number that is the same for exactly the texts of one class. */
  of(text: number): number {
    return this.#firstOf.get(text) ?? text;
  }
}

function folded(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}

/** A text of only punctuation stays unchanged. */
function wordsOf(text: string): string {
  const words = text.replace(/[\p{P}\s]+/gu, ' ').trim();
  return words === '' ? text : words;
}

/** A number made of the letters a–z and digits of a text (FNV-1a, Fowler, Noll and Vo). */
function skeleton(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if ((code >= 97 && code <= 122) || (code >= 48 && code <= 57)) hash = Math.imul(hash ^ code, 0x01000193);
  }
  return hash;
}
