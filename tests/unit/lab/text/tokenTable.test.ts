import { describe, expect, it } from 'vitest';
import { parseTokenizer } from '../../../../src/lab/text/huggingFaceTokenizer.ts';
import { joinTables, tokenizeTexts } from '../../../../src/lab/text/tokenTable.ts';
import { largeTokenizerJson, smallTokenizerJson } from './smallTokenizer.ts';

const tokenizer = parseTokenizer(JSON.stringify(smallTokenizerJson()), 'small');
const texts = ['hello world', '', 'the cats sat running', 'hello'];

describe('tokenizeTexts', () => {
  it('holds what the tokenizer gives for each text, two bytes an id', () => {
    const { ids, lengths, truncated } = tokenizeTexts(texts, tokenizer, 16);
    const expected = texts.map((text) => [...tokenizer.encode(text, 16)]);
    expect(ids).toEqual(Uint16Array.from(expected.flat()));
    expect([...lengths]).toEqual(expected.map(({ length }) => length));
    expect(truncated).toBe(0);
  });

  it('counts only the texts that lost something', () => {
    const lengths = texts.map((text) => tokenizer.encode(text, 100).length);
    for (let maxLength = 3; maxLength < 10; maxLength++) {
      expect(tokenizeTexts(texts, tokenizer, maxLength).truncated).toBe(
        lengths.filter((length) => length > maxLength).length,
      );
    }
  });

  it('uses four bytes an id for a large vocabulary', () => {
    const large = parseTokenizer(JSON.stringify(largeTokenizerJson()), 'large');
    expect(tokenizeTexts(['t69999'], large, 8).ids).toEqual(Uint32Array.of(2, 70_016, 3));
  });
});

describe('joinTables', () => {
  it('gives the texts of all tables, as views of one array', () => {
    const store = joinTables(
      [texts.slice(0, 1), [], texts.slice(1)].map((some) => tokenizeTexts(some, tokenizer, 4)),
      2,
    );
    expect(store.size).toBe(4);
    texts.forEach((text, i) => {
      expect([...store.ids(i)]).toEqual([...tokenizer.encode(text, 4)]);
      expect(store.length(i)).toBe(tokenizer.encode(text, 4).length);
    });
    expect(store.ids(0).buffer).toBe(store.ids(3).buffer);
    expect(store.tokens).toBe(texts.reduce((sum, text) => sum + tokenizer.encode(text, 4).length, 0));
    expect(store.truncated).toBe(1);
  });

  it('gives an empty store for no tables, and refuses texts that are not there', () => {
    const store = joinTables([], 4);
    expect(store).toMatchObject({ size: 0, tokens: 0, truncated: 0 });
    expect(() => store.ids(0)).toThrow(RangeError);
    expect(() => store.length(-1)).toThrow(RangeError);
  });
});
