import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseTokenizer } from '../../../../src/lab/text/huggingFaceTokenizer.ts';
import {
  cachedTokenizeCorpus,
  loadTokens,
  tokenCacheKey,
  type TokenCacheOptions,
} from '../../../../src/lab/text/tokenCache.ts';
import type { TokenStore } from '../../../../src/lab/text/tokenStore.ts';
import { largeTokenizerJson, smallTokenizerJson } from './smallTokenizer.ts';

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
const cached = (options?: TokenCacheOptions) => cachedTokenizeCorpus(texts, tokenizer, 4, cache, options);
const idsOf = (store: TokenStore): number[][] => Array.from({ length: store.size }, (_, i) => [...store.ids(i)]);
const expectedIds = texts.map((text) => [...tokenizer.encode(text, 4)]);

/** The file with its header's checksum made right again: what only a check of the content can find. */
function withChecksum(bytes: Buffer): Buffer {
  createHash('sha256').update(bytes.subarray(104)).update(bytes.subarray(0, 72)).digest().copy(bytes, 72);
  return bytes;
}

describe('the token cache', () => {
  it('gives back what was stored, without tokenising again', async () => {
    const first = await cached();
    expect(first).toMatchObject({ fromCache: false, notes: [] });
    const second = await cached({ onProgress: () => expect.unreachable() });
    expect(second).toMatchObject({ fromCache: true, notes: [] });
    for (const { store } of [first, second]) {
      expect(idsOf(store)).toEqual(expectedIds);
      expect(store.truncated).toBe(1);
    }
    expect(readdirSync(cache)).toEqual([expect.stringMatching(/^[0-9a-f]{32}\.tokens$/)]);
  });

  it('works for ids of four bytes, too', async () => {
    const large = parseTokenizer(JSON.stringify(largeTokenizerJson()), 'large');
    await cachedTokenizeCorpus(['t69999'], large, 8, cache);
    const { store, fromCache } = await cachedTokenizeCorpus(['t69999'], large, 8, cache);
    expect(fromCache).toBe(true);
    expect(store.ids(0)).toEqual(Uint32Array.of(2, 70_016, 3));
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
});

describe('a corpus of more tokens than memory is given', () => {
  it('is read text by text, when it is made and when it is found', async () => {
    const first = await cached({ memoryBytes: 4 });
    const second = await cached({ memoryBytes: 4 });
    expect([first.fromCache, second.fromCache]).toEqual([false, true]);
    for (const { store } of [first, second]) {
      expect(idsOf(store)).toEqual(expectedIds);
      expect(store.ids(0)).toBeInstanceOf(Uint16Array);
      expect(store.ids(0).buffer).not.toBe(store.ids(1).buffer);
      store.close();
    }
  });

  it('is told from what fits by one byte', async () => {
    const bytes = 2 * expectedIds.flat().length;
    const { store: inMemory } = await cached({ memoryBytes: bytes });
    const { store: inFile } = await cached({ memoryBytes: bytes - 1 });
    expect(inMemory.ids(0).buffer).toBe(inMemory.ids(1).buffer);
    expect(inFile.ids(0).buffer).not.toBe(inFile.ids(1).buffer);
    inFile.close();
  });

  it('ends with what to do where its file cannot be written', async () => {
    writeFileSync(join(folder, 'cache'), 'a file where the folder should be');
    await expect(cached({ memoryBytes: 4 })).rejects.toMatchObject({
      name: 'LabError',
      code: 'storage',
      message: expect.stringContaining('Cannot write to') as string,
    });
  });

  it('says so when its file is cut off while it is in use', async () => {
    const { store } = await cached({ memoryBytes: 4 });
    truncateSync(cacheFile(), 106);
    expect(() => store.ids(2)).toThrow(/was shortened while it was in use/);
    store.close();
  });
});

describe('a file that cannot be trusted', () => {
  it('is ignored cut off at any byte, which is said, and replaced', async () => {
    await cached();
    const whole = readFileSync(cacheFile());
    for (let length = 0; length < whole.length; length++) {
      writeFileSync(cacheFile(), whole.subarray(0, length));
      expect(loadTokens(cache, key)).toHaveProperty('ignored');
    }
    const again = await cached();
    expect(again.fromCache).toBe(false);
    expect(again.notes).toEqual([
      expect.stringMatching(/was ignored: it has \d+ bytes, expected \d+\. .*tokenised again/),
    ]);
    expect(idsOf(again.store)).toEqual(expectedIds);
    expect(readFileSync(cacheFile())).toEqual(whole);
  });

  it.each([0, 2 ** 20])('is ignored with any byte changed (memory for ids: %i bytes)', async (memoryBytes) => {
    await cached();
    const whole = readFileSync(cacheFile());
    for (let at = 0; at < whole.length; at++) {
      const changed = Buffer.from(whole);
      changed[at]! ^= 1;
      writeFileSync(cacheFile(), changed);
      expect(loadTokens(cache, key, memoryBytes)).toHaveProperty('ignored');
    }
  });

  it.each<[string, (bytes: Buffer) => unknown, RegExp]>([
    ['another program', (bytes) => bytes.write('PK'), /it is not a token cache/],
    ['an earlier format', (bytes) => bytes.writeUInt32LE(1, 8), /it has format version 1, expected 2/],
    ['ids of three bytes', (bytes) => bytes.writeUInt32LE(3, 12), /it has ids of 3 bytes, expected 2 or 4/],
    ['more texts than bytes', (bytes) => bytes.writeBigUInt64LE(2n ** 60n, 16), /it has \d+ bytes, expected \d+/],
    ['more tokens than bytes', (bytes) => bytes.writeBigUInt64LE(2n ** 64n - 1n, 24), /it has \d+ bytes, expected \d+/],
    ['other texts', (bytes) => bytes.fill(0xab, 40, 72), /it contains other texts or another tokenizer/],
    [
      'texts that end before they begin',
      (bytes) => bytes.writeDoubleLE(1e9, bytes.length - 16),
      /the offsets of its texts are not in order/,
    ],
    [
      'a place that is no number',
      (bytes) => bytes.writeDoubleLE(Number.NaN, bytes.length - 16),
      /the offsets of its texts are not in order/,
    ],
  ])('is ignored and named: of %s', async (_, change, reason) => {
    await cached();
    const path = cacheFile();
    const bytes = readFileSync(path);
    change(bytes);
    writeFileSync(path, withChecksum(bytes));
    expect(loadTokens(cache, key)).toEqual({ ignored: expect.stringMatching(reason) as string });
  });
});

describe('writing', () => {
  it('that is not possible is said, and gives the tokens all the same', async () => {
    writeFileSync(join(folder, 'cache'), 'a file where the folder should be');
    const { store, notes } = await cached();
    expect(idsOf(store)).toEqual(expectedIds);
    expect(notes.at(-1)).toMatch(/could not be written/);
  });

  it('leaves nothing behind when it is aborted, or a text cannot be encoded', async () => {
    const reason = new Error('enough');
    await expect(cached({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    await expect(cachedTokenizeCorpus(texts, tokenizer, 2, cache)).rejects.toThrow(/no room/);
    expect(readdirSync(cache)).toEqual([]);
  });

  it('takes away what a killed process left, and nothing of one that lives', async () => {
    const dead = spawnSync(process.execPath, ['-e', '']).pid;
    mkdirSync(cache, { recursive: true });
    const leftover = `${key.slice(0, 32)}.tokens.${dead}-0.tmp`;
    const inUse = `${key.slice(0, 32)}.tokens.${process.ppid}-0.tmp`;
    for (const name of [leftover, inUse]) closeSync(openSync(join(cache, name), 'w'));
    await cached();
    expect(readdirSync(cache).sort()).toEqual([`${key.slice(0, 32)}.tokens`, inUse]);
  });

  it('by several at once, of one process and of others, leaves one whole file', async () => {
    const module = (name: string): string =>
      JSON.stringify(new URL(`../../../../src/lab/text/${name}`, import.meta.url).href);
    const script = `
      const { cachedTokenizeCorpus } = await import(${module('tokenCache.ts')});
      const { parseTokenizer } = await import(${module('huggingFaceTokenizer.ts')});
      const tokenizer = parseTokenizer(${JSON.stringify(JSON.stringify(smallTokenizerJson()))}, 'small');
      const { store } = await cachedTokenizeCorpus(${JSON.stringify(texts)}, tokenizer, 4, ${JSON.stringify(cache)});
      console.log(JSON.stringify(Array.from({ length: store.size }, (_, i) => [...store.ids(i)])));`;
    const others = [1, 2].map(
      async () =>
        JSON.parse(
          (await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script])).stdout,
        ) as number[][],
    );
    const own = [1, 2, 3].map(async () => {
      const { store, notes } = await cached();
      expect(notes).toEqual([]);
      return idsOf(store);
    });
    for (const ids of await Promise.all([...others, ...own])) expect(ids).toEqual(expectedIds);
    expect(readdirSync(cache)).toEqual([`${key.slice(0, 32)}.tokens`]);
    expect(loadTokens(cache, key)).toHaveProperty('store');
  });
});
