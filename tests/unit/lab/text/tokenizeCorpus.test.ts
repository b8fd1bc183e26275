import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { randomStream } from '../../../../src/lab/base/random.ts';
import { parseTokenizer, readTokenizer } from '../../../../src/lab/text/huggingFaceTokenizer.ts';
import { tokenizeCorpus } from '../../../../src/lab/text/tokenizeCorpus.ts';
import { TokenizingThreads } from '../../../../src/lab/text/tokenizingThreads.ts';
import { tokenizeTexts } from '../../../../src/lab/text/tokenTable.ts';
import { realData } from '../../../helpers/dataFiles.ts';
import { largeTokenizerJson, smallTokenizerJson } from './smallTokenizer.ts';

const tokenizer = parseTokenizer(JSON.stringify(smallTokenizerJson()), 'small');
const words = ['hello', 'world', 'the', 'cats', 'running', 'xxxx', '中文', 'naïve', '😀', '\ud800', '.', '\n'];

/** Of 0 to 60 words each: about ten portions. */
function manyTexts(): string[] {
  const random = randomStream(3, 'resampling', 'tokenising');
  return Array.from({ length: 5000 }, () =>
    Array.from({ length: random.integer(60) }, () => words[random.integer(words.length)]!).join(' '),
  );
}

describe('tokenizeCorpus', () => {
  const texts = manyTexts();

  it.each([1, 2, 3])('gives in %i threads what one call gives, in the same order', async (threads) => {
    const expected = tokenizeTexts(texts, tokenizer, 16);
    const store = await tokenizeCorpus(texts, tokenizer, 16, { threads });
    expect(store.size).toBe(texts.length);
    expect(store.truncated).toBe(expected.truncated);
    expect(texts.map((_, i) => store.length(i))).toEqual([...expected.lengths]);
    expect(texts.flatMap((_, i) => [...store.ids(i)])).toEqual([...expected.ids]);
  });

  it('keeps ids of four bytes', async () => {
    const large = parseTokenizer(JSON.stringify(largeTokenizerJson()), 'large');
    const store = await tokenizeCorpus(['t69999', 'hello'], large, 8, { threads: 2 });
    expect(store.ids(0)).toEqual(Uint32Array.of(2, 70_016, 3));
    expect(store.ids(1)).toEqual(Uint32Array.of(2, 5, 3));
  });

  it.each([1, 2])('says how far it is, to the end, with %i threads', async (threads) => {
    const reports: [number, number][] = [];
    await tokenizeCorpus(texts, tokenizer, 16, { threads, onProgress: (...report) => reports.push(report) });
    expect(reports.length).toBeGreaterThan(5);
    expect(reports.map(([done]) => done)).toEqual(reports.map(([done]) => done).toSorted((a, b) => a - b));
    expect(reports.at(-1)).toEqual([texts.length, texts.length]);
  });

  it('of no texts is an empty store', async () => {
    expect(await tokenizeCorpus([], tokenizer, 16, { threads: 2 })).toMatchObject({ size: 0, tokens: 0 });
  });

  it('lets others have a turn in between where it has one thread', async () => {
    let turns = 0;
    const timer = setInterval(() => turns++, 0);
    await tokenizeCorpus(texts, tokenizer, 16, { threads: 1 });
    clearInterval(timer);
    expect(turns).toBeGreaterThan(3);
  });

  it.each([1, 2])('ends when aborted, with the reason and no thread left, with %i threads', async (threads) => {
    // A thread has two ports: for messages, and for what it writes to stderr.
    const threadsAlive = (): number =>
      process.getActiveResourcesInfo().filter((name) => name === 'MessagePort').length / 2;
    const controller = new AbortController();
    let reports = 0;
    const tokenizing = tokenizeCorpus(texts, tokenizer, 16, {
      threads,
      signal: controller.signal,
      onProgress: () => {
        expect(threadsAlive()).toBe(threads === 1 ? 0 : threads);
        if (++reports === 2) controller.abort(new Error('enough'));
      },
    });
    await expect(tokenizing).rejects.toThrow('enough');
    expect(reports).toBe(2);
    expect(threadsAlive()).toBe(0);
  });

  it('throws the error of the tokenizer as it is, whichever thread it comes from', async () => {
    const model = { type: 'BPE', unk_token: '<unk>', vocab: { a: 5 }, merges: [] };
    const bpe = parseTokenizer(JSON.stringify({ ...smallTokenizerJson(), model }), 'bpe.json');
    const failing = [...Array.from({ length: 3000 }, () => 'a'.repeat(100)), 'zebra'];
    const errors = await Promise.all(
      [1, 2].map((threads) => tokenizeCorpus(failing, bpe, 16, { threads }).catch((error: unknown) => error)),
    );
    expect(errors[0]).toMatchObject({
      name: 'LabError',
      code: 'encoder',
      message: expect.stringMatching(/^bpe\.json: the vocabulary has neither the token/) as string,
    });
    expect(errors[1]).toEqual(errors[0]);
    await expect(tokenizeCorpus(texts, tokenizer, 2, { threads: 2 })).rejects.toMatchObject({
      name: 'LabError',
      code: 'configuration',
    });
  });

  it('says what ended a thread that cannot go on', async () => {
    const broken = { ...tokenizer, where: 'broken', toJson: () => '{"model": {"type": "Runes"}}' };
    const threads = new TokenizingThreads(broken, 16, 1);
    await expect(threads.tokenize(['hello'])).rejects.toThrow(/broken: model "Runes" is not supported/);
    await expect(threads.tokenize(['hello'])).rejects.toThrow(/Runes/);
    await threads.end();
  });
});

const bertPath = join(realData('tok-all-MiniLM-L6-v2') ?? '', 'tokenizer.json');

describe.skipIf(!existsSync(bertPath))(`BERT's vocabulary in threads (skipped where ${bertPath} is absent)`, () => {
  it('gives the published ids', async () => {
    const { cases } = JSON.parse(readFileSync('tests/fixtures/published/bert-base-uncased-ids.json', 'utf8')) as {
      cases: { text: string; ids: number[] }[];
    };
    const store = await tokenizeCorpus(
      cases.map(({ text }) => text),
      readTokenizer(bertPath),
      128,
      { threads: 2 },
    );
    expect(cases.map((_, i) => [...store.ids(i)])).toEqual(cases.map(({ ids }) => ids));
  });
});
