import { describe, expect, it } from 'vitest';
import { parseTokenizer } from '../../../../src/lab/tokenizers/huggingFaceTokenizer.ts';
import { tokenizeCorpus } from '../../../../src/lab/tokenizers/tokenStore.ts';
import { largeTokenizer, smallTokenizerJson } from './smallTokenizer.ts';

const tokenizer = parseTokenizer(JSON.stringify(smallTokenizerJson()), 'small');

describe('tokenizeCorpus', () => {
  const texts = ['hello world', '', 'the cats sat running', 'hello'];
  const store = tokenizeCorpus(texts, tokenizer, 16);

  it('holds what the tokenizer gives for each text', () => {
    expect(store.size).toBe(4);
    texts.forEach((text, i) => {
      expect([...store.ids(i)]).toEqual([...tokenizer.encode(text, 16)]);
      expect(store.length(i)).toBe(tokenizer.encode(text, 16).length);
    });
    expect(store.tokens).toBe(texts.reduce((sum, text) => sum + tokenizer.encode(text, 16).length, 0));
    expect(store.truncated).toBe(0);
  });

  it('gives views of one table, two bytes an id', () => {
    expect(store.ids(0)).toBeInstanceOf(Uint16Array);
    expect(store.ids(0).buffer).toBe(store.ids(3).buffer);
  });

  it('counts only the texts that lost something', () => {
    const lengths = texts.map((text) => tokenizer.encode(text, 100).length);
    for (let maxLength = 3; maxLength < 10; maxLength++)
      expect(tokenizeCorpus(texts, tokenizer, maxLength).truncated).toBe(
        lengths.filter((length) => length > maxLength).length,
      );
  });

  it('grows with the texts, and says how far it is', () => {
    const many = Array.from({ length: 2500 }, (_, i) => (i % 2 ? 'hello' : 'the cat sat'));
    const reports: [number, number][] = [];
    const large = tokenizeCorpus(many, tokenizer, 16, (done, total) => reports.push([done, total]));
    expect([...large.ids(2499)]).toEqual([2, 5, 3]);
    expect([...large.ids(2498)]).toEqual([2, 7, 8, 9, 3]);
    expect(reports).toEqual([[1000, 2500], [2000, 2500], [2500, 2500]]);
  });

  it('uses four bytes an id for a large vocabulary', () => {
    const store = tokenizeCorpus(['any'], largeTokenizer, 8);
    expect(store.ids(0)).toEqual(Uint32Array.of(69_999));
  });

  it('has no text outside its range, and can be empty', () => {
    for (const index of [-1, 4, 0.5]) expect(() => store.ids(index)).toThrow(RangeError);
    const empty = tokenizeCorpus([], tokenizer, 16);
    expect([empty.size, empty.tokens]).toEqual([0, 0]);
    expect(() => empty.ids(0)).toThrow(RangeError);
  });
});
