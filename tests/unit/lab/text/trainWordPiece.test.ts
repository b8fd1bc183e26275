import { describe, expect, it } from 'vitest';
import { LabError } from '../../../../src/shared/errors.ts';
import { randomStream, shuffled } from '../../../../src/lab/base/random.ts';
import { parseTokenizer } from '../../../../src/lab/text/huggingFaceTokenizer.ts';
import { mergePairs } from '../../../../src/lab/text/pairMerges.ts';
import { trainWordPiece } from '../../../../src/lab/text/trainWordPiece.ts';
import type { Tokenizer } from '../../../../src/lab/text/tokenizer.ts';

const train = (texts: string[], vocabularySize = 1000): Tokenizer =>
  parseTokenizer(trainWordPiece(texts, { vocabularySize }), 'trained');

const vocabulary = (tokenizer: Tokenizer): string[] =>
  Array.from({ length: tokenizer.vocabularySize }, (_, id) => tokenizer.token(id));

describe('trainWordPiece', () => {
  it('writes a tokenizer that the Hugging Face library reads', () => {
    const tokenizer = train(['The cat sat. The cats sat!', 'A CAT, Café']);
    expect(vocabulary(tokenizer).slice(0, 5)).toEqual(['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]']);
    expect(tokenizer.padId).toBe(0);
    expect(tokenizer.specialIds).toEqual([0, 1, 2, 3, 4]);
    const tokens = Array.from(tokenizer.encode('the CATS sat', 16), (id) => tokenizer.token(id));
    expect(tokens).toEqual(['[CLS]', 'the', 'cat', '##s', 'sat', '[SEP]']);
  });

  it('merges the most frequent pair first, and equally frequent ones in order of their tokens', () => {
    // ab 3 times; cd and ef twice each.
    const tokens = vocabulary(train(['ab ab ab ef cd cd ef']));
    expect(tokens.slice(5)).toEqual(['a', 'b', 'c', 'd', 'e', 'f', '##b', '##d', '##f', 'ab', 'cd', 'ef']);
  });

  it('gives the same bytes for the same texts, in any order and grouping', () => {
    const texts = generatedTexts(400);
    const json = trainWordPiece(texts, { vocabularySize: 600 });
    expect(trainWordPiece(texts, { vocabularySize: 600 })).toBe(json);
    expect(trainWordPiece(shuffled(texts, randomStream(1, 'split')), { vocabularySize: 600 })).toBe(json);
    expect(trainWordPiece([texts.join('\n')], { vocabularySize: 600 })).toBe(json);
    expect(trainWordPiece(texts.slice(1), { vocabularySize: 600 })).not.toBe(json);
  });

  it.each([64, 100, 300])('stops at a vocabulary size of %i', (vocabularySize) => {
    expect(train(generatedTexts(400), vocabularySize).vocabularySize).toBe(vocabularySize);
  });

  it('leaves out rare characters, and never learns a word it cannot spell', () => {
    const tokenizer = train(['frog frog frog☃ frog']);
    expect(vocabulary(tokenizer)).not.toContain('☃');
    expect(tokenizer.token(tokenizer.encode('frog☃', 8)[1]!)).toBe('[UNK]');
    expect(tokenizer.token(tokenizer.encode('frog', 8)[1]!)).toBe('frog');
  });

  it('does not merge pairs that occur less often than the minimum', () => {
    const texts = ['xy xy xy', 'x y x y', 'zw zw', 'z w'];
    const tokens = vocabulary(parseTokenizer(trainWordPiece(texts, { vocabularySize: 64, minimumFrequency: 3 }), 't'));
    expect(tokens).toContain('xy');
    expect(tokens).not.toContain('zw');
  });

  it('spaces Chinese characters and cleans accents and control characters', () => {
    const tokenizer = train(['中文 中文 e\u0301a éa ea\u0000']);
    expect(vocabulary(tokenizer)).toEqual(expect.arrayContaining(['中', '文', 'ea']));
    expect(vocabulary(tokenizer)).not.toContain('中文');
  });

  it('is not misled by words that are names of object properties', () => {
    const tokenizer = train(['constructor __proto__ hasOwnProperty toString '.repeat(3)]);
    const tokens = Array.from(tokenizer.encode('constructor tostring', 8), (id) => tokenizer.token(id));
    expect(tokens).toEqual(['[CLS]', 'constructor', 'tostring', '[SEP]']);
  });

  it('refuses sizes out of range and texts without words', () => {
    for (const vocabularySize of [63, 2 ** 20 + 1, 100.5, Number.NaN])
      expect(() => trainWordPiece(['a a'], { vocabularySize })).toThrow(LabError);
    for (const texts of [[], ['', ' \n'], ['x']])
      expect(() => trainWordPiece(texts, { vocabularySize: 100 })).toThrow(/cannot train a vocabulary/);
  });
});

describe('mergePairs', () => {
  it('agrees with counting every pair anew after each merge', () => {
    const random = randomStream(3, 'split', 'pairs');
    for (let round = 0; round < 40; round++) {
      // Two or three symbols: many overlaps (aaaa), and tokens reached by two ways.
      const words = Array.from({ length: 12 }, () =>
        Array.from({ length: 1 + random.integer(9) }, () => random.integer(2 + (round % 2))),
      );
      const counts = words.map(() => 1 + random.integer(4));
      const merged = ['a', 'b', 'c'];
      const starts = Int32Array.from([0, ...words.map((_, i) => words.slice(0, i + 1).flat().length)]);
      const table = { symbols: Int32Array.from(words.flat()), starts, counts: Float64Array.from(counts) };
      mergePairs(table, merged, { vocabularySize: 30, minimumFrequency: 2 }, (left, right) => left + right);
      const spelled = words.map((word) => word.map((id) => 'abc'[id]!));
      expect(merged).toEqual(naiveMerges(spelled, counts, ['a', 'b', 'c'], 30, 2));
    }
  });
});

/** The definition, in loops. */
function naiveMerges(words: string[][], counts: number[], tokens: string[], size: number, minimum: number): string[] {
  while (tokens.length < size) {
    const pairs = new Map<string, { left: string; right: string; count: number }>();
    words.forEach((word, w) =>
      word.slice(1).forEach((right, i) => {
        const left = word[i]!;
        const pair = pairs.get(`${left} ${right}`) ?? { left, right, count: 0 };
        pair.count += counts[w]!;
        pairs.set(`${left} ${right}`, pair);
      }),
    );
    const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
    const [best] = [...pairs.values()].sort(
      (a, b) => b.count - a.count || order(a.left, b.left) || order(a.right, b.right),
    );
    if (!best || best.count < minimum) break;
    if (!tokens.includes(best.left + best.right)) tokens.push(best.left + best.right);
    words = words.map((word) => {
      const result: string[] = [];
      for (let i = 0; i < word.length; i++) {
        if (word[i] === best.left && word[i + 1] === best.right) result.push(best.left + word[++i]!);
        else result.push(word[i]!);
      }
      return result;
    });
  }
  return tokens;
}

/** Words of syllables, the early ones far more often. */
function generatedTexts(count: number): string[] {
  const random = randomStream(5, 'split', 'generated texts');
  const syllables = ['ka', 'lo', 'mi', 'ner', 'tus', 'vi', 'ban', 'do', 're', 'sil'];
  const words = Array.from({ length: 300 }, () =>
    Array.from({ length: 1 + random.integer(4) }, () => syllables[random.integer(10)]!).join(''),
  );
  return Array.from({ length: count }, () =>
    Array.from({ length: 20 }, () => words[Math.floor(300 * random.next() ** 3)]!).join(' '),
  );
}
