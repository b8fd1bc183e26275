import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LabError } from '../../../../src/shared/errors.ts';
import { randomStream } from '../../../../src/lab/base/random.ts';
import { parseTokenizer, readTokenizer } from '../../../../src/lab/text/huggingFaceTokenizer.ts';
import { createLibraryTokenizer } from '../../../../src/lab/text/library.ts';
import type { Tokenizer } from '../../../../src/lab/text/tokenizer.ts';
import { smallTokenizerJson } from './smallTokenizer.ts';

const bertPath = resolve('../shared/data/tok-all-MiniLM-L6-v2/tokenizer.json');
const noBert = !existsSync(bertPath);

interface Published {
  cases: { text: string; ids: number[] }[];
}

describe.skipIf(noBert)(`BERT's vocabulary (skipped where ${bertPath} is absent)`, () => {
  const { cases } = JSON.parse(
    readFileSync('tests/fixtures/published/bert-base-uncased-ids.json', 'utf8'),
  ) as Published;
  let bert: Tokenizer;
  beforeAll(() => {
    bert = readTokenizer(bertPath);
  });

  it.each(cases)('gives the published ids of $text', ({ text, ids }) => {
    expect([...bert.encode(text, 128)]).toEqual(ids);
  });

  it.each(cases)('cuts $text at every length, and keeps both special tokens', ({ text, ids }) => {
    for (let maxLength = 3; maxLength < ids.length; maxLength++)
      expect([...bert.encode(text, maxLength)]).toEqual([...ids.slice(0, maxLength - 1), 102]);
  });

  it('knows its size, its padding and its special tokens', () => {
    expect(bert.vocabularySize).toBe(30522);
    expect(bert.padId).toBe(0);
    expect(bert.specialIds).toEqual([0, 100, 101, 102, 103]);
    expect(bert.token(7592)).toBe('hello');
    expect(() => bert.token(30522)).toThrow(RangeError);
  });

  it('gives the ids of the library on mixed text, however often a chunk is met', () => {
    const library = createLibraryTokenizer(JSON.parse(readFileSync(bertPath, 'utf8')) as object);
    for (const text of mixedTexts(300))
      expect([...bert.encode(text, 10_000)]).toEqual(library.encode(text, { add_special_tokens: true }).ids);
  });

  it('survives being written and read again', () => {
    const again = parseTokenizer(bert.toJson(), 'copy');
    expect(again.hash).toBe(bert.hash);
    expect(again.encode('Hello world', 10)).toEqual(bert.encode('Hello world', 10));
  });
});

describe('a small vocabulary', () => {
  const tokenizer = parseTokenizer(JSON.stringify(smallTokenizerJson()), 'small');

  it('gives the ids of the library on mixed text', () => {
    const library = createLibraryTokenizer(smallTokenizerJson());
    for (const text of mixedTexts(300))
      expect([...tokenizer.encode(text, 10_000)]).toEqual(library.encode(text, { add_special_tokens: true }).ids);
  });

  it('refuses a length without room for text', () => {
    for (const length of [0, 2, -1, Number.NaN]) expect(() => tokenizer.encode('hello', length)).toThrow(/no room/);
    expect([...tokenizer.encode('hello world', 3)]).toEqual([2, 5, 3]);
  });

  it('has a hash of what decides its ids, and of nothing else', () => {
    const reformatted = parseTokenizer(JSON.stringify(smallTokenizerJson(), null, 2), 'elsewhere');
    expect(reformatted.hash).toBe(tokenizer.hash);
    const otherPadding = parseTokenizer(JSON.stringify(smallTokenizerJson()), 'small', '[MASK]');
    expect(otherPadding.padId).toBe(4);
    expect(otherPadding.hash).not.toBe(tokenizer.hash);
    expect(parseTokenizer(otherPadding.toJson(), 'copy').padId).toBe(4);
  });

  it.each<[string, (json: ReturnType<typeof smallTokenizerJson>) => unknown, RegExp]>([
    ['an unknown normalizer', (json) => ({ ...json, normalizer: { type: 'Klingon' } }), /Normalizer type: Klingon/],
    ['an unknown pre-tokenizer', (json) => ({ ...json, pre_tokenizer: { type: 'Runes' } }), /PreTokenizer type: Runes/],
    ['an unknown post-processor', (json) => ({ ...json, post_processor: { type: 'Bow' } }), /PostProcessor type: Bow/],
    ['an unknown model', (json) => ({ ...json, model: { type: 'WordLevel', vocab: {} } }), /model "WordLevel"/],
    ['no model', (json) => ({ ...json, model: undefined }), /model/],
    ['an id that is no number', (json) => withVocabulary(json, { odd: 'x' }), /vocab\.odd/],
    ['an id used twice', (json) => withVocabulary(json, { twice: 5 }), /"twice" have the same id 5/],
    ['an absurd id', (json) => withVocabulary(json, { far: 4e9 }), /"far" has id 4000000000/],
    ['no padding token', (json) => withoutToken(json, '[PAD]'), /padding token "\[PAD\]"/],
    ['no unknown token', (json) => withoutToken(json, '[UNK]'), /unknown token "\[UNK\]"/],
    ['a template with a token it lacks', (json) => withoutToken(json, '[CLS]'), /special token "\[CLS\]"/],
    [
      'a post-processor that is not what its type says',
      (json) => ({ ...json, post_processor: { type: 'TemplateProcessing', single: [null] } }),
      /a part of this tokenizer is not supported/,
    ],
    [
      'a number that is infinite',
      (json) => ({ ...json, normalizer: { ...json.normalizer, clean_text: 'INFINITE' } }),
      /a number that is too large/,
    ],
    ['a vocabulary that is a list', (json) => ({ ...json, model: { ...json.model, vocab: [1] } }), /model\.vocab/],
    [
      'an unknown token that is not there',
      (json) => ({ ...json, model: { type: 'Unigram', unk_id: 9, vocab: [['[PAD]', 0]] } }),
      /model\.unk_id/,
    ],
    ['a list instead of an object', () => [], /small\.json/],
    ['null', () => null, /small\.json/],
  ])('refuses %s, naming it and the file', (_, change, message) => {
    const broken = JSON.stringify(change(smallTokenizerJson())).replace('"INFINITE"', '1e999');
    const read = (): Tokenizer => parseTokenizer(broken, 'small.json');
    expect(read).toThrow(LabError);
    expect(read).toThrow(message);
    expect(read).toThrow(/small\.json/);
  });

  it('keeps every token, whatever it is called', () => {
    const names = JSON.stringify(withVocabulary(smallTokenizerJson(), { toString: 18 })).replace(
      '"toString":18',
      '"toString":18,"__proto__":17',
    );
    const read = parseTokenizer(names, 'names');
    expect([read.vocabularySize, read.token(17), read.token(18)]).toEqual([19, '__proto__', 'toString']);
    expect(parseTokenizer(read.toJson(), 'copy').token(17)).toBe('__proto__');
  });

  it('refuses a part that the library finds out about at the first text', () => {
    const read = parseTokenizer(
      JSON.stringify({
        ...smallTokenizerJson(),
        pre_tokenizer: { type: 'Split', pattern: { Regex: 'a' }, behavior: 5 },
      }),
      'late.json',
    );
    expect(() => read.encode('a cat', 10)).toThrow(/late\.json: a part of this tokenizer is not supported/);
  });

  it('refuses a text that needs an unknown token which is not in the vocabulary', () => {
    const model = { type: 'BPE', unk_token: '<unk>', vocab: { a: 5 }, merges: [] };
    const bpe = { ...smallTokenizerJson(), model };
    const read = parseTokenizer(JSON.stringify(bpe), 'bpe.json');
    expect(() => read.encode('zebra', 10)).toThrow(/bpe\.json: the vocabulary has neither the token/);
  });
});

describe('files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tokenizer-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'tokenizer.json');

  it('takes the padding token from tokenizer_config.json beside it', () => {
    writeFileSync(path, JSON.stringify(smallTokenizerJson()));
    expect(readTokenizer(path).padId).toBe(0);
    for (const padToken of ['[MASK]', { content: '[MASK]' }]) {
      writeFileSync(join(folder, 'tokenizer_config.json'), JSON.stringify({ pad_token: padToken }));
      expect(readTokenizer(path).padId).toBe(4);
    }
  });

  it('names the file that is missing, no file, cut off, or wrong', () => {
    expect(() => readTokenizer(join(folder, 'none.json'))).toThrow(/tokenizer file .*none\.json does not exist/);
    expect(() => readTokenizer(folder)).toThrow(LabError);
    writeFileSync(path, JSON.stringify(smallTokenizerJson()).slice(0, 200));
    expect(() => readTokenizer(path)).toThrow(/tokenizer\.json is not JSON/);
    writeFileSync(path, JSON.stringify(smallTokenizerJson()));
    writeFileSync(join(folder, 'tokenizer_config.json'), JSON.stringify({ pad_token: 7 }));
    expect(() => readTokenizer(path)).toThrow(/tokenizer_config\.json: pad_token/);
  });
});

/** Texts of words, spaces of many kinds, joiners, accents, scripts and literal special tokens. */
function mixedTexts(count: number): string[] {
  const pieces = [
    ...[
      'Hello',
      'world',
      'WORLD',
      "don't",
      'naïve',
      'e\u0301te\u0301',
      'ΣΟΦΟΣ',
      'ΟΔΟΣ.',
      'İstanbul',
      'x²',
      '∀x',
      '中文',
      '𠀀',
      'ﬁn',
    ],
    ...[
      '[SEP]',
      '[MASK]',
      '[mask]',
      '[UNK]',
      'a[SEP]b',
      '##ing',
      '.',
      '...',
      '$',
      '\u0301',
      '😀',
      '👩\u200d💻',
      '\ud800',
      '\ufffd',
    ],
    ...[
      ' ',
      ' ',
      ' ',
      '  ',
      '\t',
      '\n',
      '\r\n',
      '\v',
      '\f',
      '\u00a0',
      '\u0085',
      '\u2003',
      '\u2028',
      '\u3000',
      '\ufeff',
      '\u200b',
      '\0',
    ],
    ...['x'.repeat(120), '__proto__', 'constructor', '2016', '-1.5e3', '<b>', '&amp;'],
  ];
  const random = randomStream(7, 'split', 'mixed texts');
  return Array.from({ length: count }, () =>
    Array.from({ length: random.integer(30) }, () => pieces[random.integer(pieces.length)]!).join(''),
  );
}

function withVocabulary(json: ReturnType<typeof smallTokenizerJson>, more: object): object {
  return { ...json, model: { ...json.model, vocab: { ...json.model.vocab, ...more } } };
}

function withoutToken(json: ReturnType<typeof smallTokenizerJson>, token: string): object {
  const vocab = Object.fromEntries(Object.entries(json.model.vocab).filter(([other]) => other !== token));
  return {
    ...json,
    added_tokens: json.added_tokens.filter(({ content }) => content !== token),
    model: { ...json.model, vocab },
  };
}
