import { describe, expect, it } from 'vitest';
import { inverseDocumentFrequency } from '../../../../src/lab/text/documentFrequency.ts';
import { parseTokenizer } from '../../../../src/lab/text/huggingFaceTokenizer.ts';
import { joinTables, tokenizeTexts } from '../../../../src/lab/text/tokenTable.ts';
import { smallTokenizerJson } from './smallTokenizer.ts';

describe('inverseDocumentFrequency', () => {
  const tokenizer = parseTokenizer(JSON.stringify(smallTokenizerJson()), 'small');
  const store = joinTables([tokenizeTexts(['hello hello world', 'hello cat', 'world world', 'sat'], tokenizer, 16)], 2);
  const weights = inverseDocumentFrequency(store, [0, 1, 2], tokenizer);
  const weight = (token: string): number => weights[smallTokenizerJson().model.vocab[token]!]!;

  it('counts a token once per text, and only in the texts named', () => {
    expect(weights).toHaveLength(tokenizer.vocabularySize);
    expect(weight('hello')).toBeCloseTo(Math.log(4 / 3), 6);
    expect(weight('cat')).toBeCloseTo(Math.log(4 / 2), 6);
    expect(weight('sat')).toBeCloseTo(Math.log(4), 6);
  });

  it('is 0 for a token in every text and for special tokens', () => {
    expect(inverseDocumentFrequency(store, [0, 1], tokenizer)[5]).toBe(0);
    for (const id of tokenizer.specialIds) expect(weights[id]).toBe(0);
  });
});
