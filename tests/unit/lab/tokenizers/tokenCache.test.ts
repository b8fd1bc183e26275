import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseTokenizer } from '../../../../src/lab/tokenizers/huggingFaceTokenizer.ts';
import { cachedTokenizeCorpus, loadTokens, tokenCacheKey } from '../../../../src/lab/tokenizers/tokenCache.ts';
import { largeTokenizer, smallTokenizerJson } from './smallTokenizer.ts';

const tokenizer = parseTokenizer(JSON.stringify(smallTokenizerJson()), 'small');
const texts = ['hello world', 'the cats sat', ''];
const key = tokenCacheKey(texts, tokenizer, 4);

let folder: string;
let cache: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tokens-'));
  cache = join(folder, 'cache', 'tokens');
});
afterEach(() => rmSync(folder, { recursive: true }));

const cacheFile = (): string => join(cache, readdirSync(cache)[0]!);

describe('the token cache', () => {
  it('gives back what was stored, without tokenising again', () => {
    const first = cachedTokenizeCorpus(texts, tokenizer, 4, cache);
    expect(first).toMatchObject({ fromCache: false, notes: [] });
    const second = cachedTokenizeCorpus(texts, tokenizer, 4, cache);
    expect(second).toMatchObject({ fromCache: true, notes: [] });
    expect(second.store.table).toEqual(first.store.table);
    expect([...second.store.ids(0)]).toEqual([2, 5, 6, 3]);
    expect(second.store.truncated).toBe(1);
    expect(readdirSync(cache)).toHaveLength(1);
  });

  it('works for ids of four bytes, too', () => {
    cachedTokenizeCorpus(['any'], largeTokenizer, 8, cache);
    const { store, fromCache } = cachedTokenizeCorpus(['any'], largeTokenizer, 8, cache);
    expect(fromCache).toBe(true);
    expect(store.ids(0)).toEqual(Uint32Array.of(69_999));
  });

  it('has a key of texts, their borders and order, tokenizer and length', () => {
    const other = parseTokenizer(JSON.stringify(smallTokenizerJson()), 'small', '[MASK]');
    const keys = [
      key,
      tokenCacheKey([...texts].reverse(), tokenizer, 4),
      tokenCacheKey(['hello worldthe', ' cats sat', ''], tokenizer, 4),
      tokenCacheKey(texts.slice(0, 2), tokenizer, 4),
      tokenCacheKey(texts, tokenizer, 5),
      tokenCacheKey(texts, other, 4),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('ignores a file cut off at any byte, says so, and replaces it', () => {
    const { store } = cachedTokenizeCorpus(texts, tokenizer, 4, cache);
    const whole = readFileSync(cacheFile());
    for (let length = 0; length < whole.length; length++) {
      writeFileSync(cacheFile(), whole.subarray(0, length));
      expect(loadTokens(cache, key)).toHaveProperty('ignored');
    }
    const again = cachedTokenizeCorpus(texts, tokenizer, 4, cache);
    expect(again.fromCache).toBe(false);
    expect(again.notes).toEqual([expect.stringMatching(/was ignored: it has \d+ bytes, expected \d+\. .*tokenised again/)]);
    expect(again.store.table).toEqual(store.table);
    expect(readFileSync(cacheFile())).toEqual(whole);
  });

  it('ignores a file with any byte changed', () => {
    cachedTokenizeCorpus(texts, tokenizer, 4, cache);
    const whole = readFileSync(cacheFile());
    for (let at = 0; at < whole.length; at++) {
      const changed = Buffer.from(whole);
      changed[at]! ^= 1;
      writeFileSync(cacheFile(), changed);
      expect(loadTokens(cache, key)).toHaveProperty('ignored');
    }
  });

  it('ignores a file of another program, and of other texts', () => {
    cachedTokenizeCorpus(texts, tokenizer, 4, cache);
    const path = cacheFile();
    const whole = readFileSync(path);
    writeFileSync(path, 'PK'.padEnd(500, 'x'));
    expect(loadTokens(cache, key)).toEqual({ ignored: expect.stringContaining('it is not a token cache') as string });
    const otherKey = tokenCacheKey(['cat'], tokenizer, 4);
    writeFileSync(join(cache, `${otherKey.slice(0, 32)}.tokens`), whole);
    expect(loadTokens(cache, otherKey)).toEqual({ ignored: expect.stringContaining('other texts') as string });
  });

  it('says that it could not write, and gives the tokens all the same', () => {
    writeFileSync(join(folder, 'cache'), 'a file where the folder should be');
    const { store, notes } = cachedTokenizeCorpus(texts, tokenizer, 4, cache);
    expect(store.size).toBe(3);
    expect(notes.at(-1)).toMatch(/could not be written/);
  });

  it('leaves no temporary file behind', () => {
    cachedTokenizeCorpus(texts, tokenizer, 4, cache);
    expect(readdirSync(cache)).toEqual([expect.stringMatching(/^[0-9a-f]{32}\.tokens$/)]);
  });
});
