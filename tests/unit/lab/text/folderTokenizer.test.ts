import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { findFolderTokenizer, readFolderTokenizer } from '../../../../src/lab/text/folderTokenizer.ts';
import { readTokenizer } from '../../../../src/lab/text/huggingFaceTokenizer.ts';
import { smallTokenizerJson } from './smallTokenizer.ts';

/** The tokenizer of a folder of weights: tokenizer.json, or a vocab.txt of before there was one. */

const tokens = [
  '[PAD]',
  '[UNK]',
  '[CLS]',
  '[SEP]',
  '[MASK]',
  'cafe',
  'café',
  'Hello',
  'hello',
  '中',
  '文',
  '##s',
  '中文',
];

function folderWith(files: Readonly<Record<string, unknown>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'losslab-tokenizer-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files))
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  return folder;
}

const vocabulary = (config?: object, lines: readonly string[] = tokens): string =>
  folderWith({ 'vocab.txt': `${lines.join('\n')}\n`, ...(config && { 'tokenizer_config.json': config }) });
const read = (folder: string, text: string): string[] => {
  const tokenizer = readFolderTokenizer(folder);
  return [...tokenizer.encode(text, 50)].map((id) => tokenizer.token(id));
};
const refusal = (...parts: string[]) =>
  expect.objectContaining({
    name: 'LabError',
    code: 'encoder',
    message: expect.stringMatching(parts.map((part) => part.replace(/[[\]().+]/g, '\\$&')).join('.*')) as string,
  }) as Error;

describe('vocab.txt', () => {
  test('ids are line numbers; special tokens frame a text, and stay when it is cut', () => {
    const tokenizer = readFolderTokenizer(vocabulary());
    expect(tokenizer).toMatchObject({ vocabularySize: tokens.length, padId: 0, specialIds: [0, 1, 2, 3, 4] });
    expect([...tokenizer.encode('hello cafes hello', 50)]).toEqual([2, 8, 5, 11, 8, 3]);
    expect([...tokenizer.encode('hello cafes hello', 4)]).toEqual([2, 8, 5, 3]);
    expect([...tokenizer.encode('nowhere', 50)]).toEqual([2, 1, 3]);
  });

  test.each<[string, object | undefined, string[]]>([
    ['nothing: lower case, without accents, Chinese characters apart', undefined, ['hello', 'cafe', '中', '文']],
    ['cased', { do_lower_case: false }, ['Hello', 'café', '中', '文']],
    ['lower case with accents', { do_lower_case: true, strip_accents: false }, ['hello', 'café', '中', '文']],
    [
      'Chinese words whole',
      { tokenize_chinese_chars: false, tokenizer_class: 'BertTokenizer' },
      ['hello', 'cafe', '中文'],
    ],
  ])('tokenizer_config.json says %s', (_, config, expected) => {
    expect(read(vocabulary(config), 'Hello café 中文')).toEqual(['[CLS]', ...expected, '[SEP]']);
  });

  test('special tokens may have other names', () => {
    const folder = vocabulary(
      {
        cls_token: '<s>',
        sep_token: { content: '</s>', lstrip: false },
        pad_token: '<pad>',
        unk_token: '<unk>',
        tokenizer_class: 'DistilBertTokenizer',
      },
      ['<s>', '</s>', '<unk>', 'hello', '<pad>'],
    );
    expect(read(folder, 'hello you')).toEqual(['<s>', 'hello', '<unk>', '</s>']);
    expect(readFolderTokenizer(folder).padId).toBe(4);
  });

  test('lines may end as on Windows', () => {
    expect([...readFolderTokenizer(folderWith({ 'vocab.txt': tokens.join('\r\n') })).encode('hello', 50)]).toEqual([
      2, 8, 3,
    ]);
  });

  test('what is read can be written as tokenizer.json, and is the same', () => {
    const folder = vocabulary();
    const tokenizer = readFolderTokenizer(folder);
    writeFileSync(join(folder, 'tokenizer.json'), tokenizer.toJson());
    expect(readTokenizer(join(folder, 'tokenizer.json')).hash).toBe(tokenizer.hash);
  });

  test.each<[string, () => string, string[]]>([
    [
      'a token that is there twice',
      () => vocabulary(undefined, [...tokens, 'hello']),
      ['vocab.txt: lines 9 and 14 have the same token "hello"'],
    ],
    ['no special tokens', () => vocabulary(undefined, ['hello']), ['vocab.txt has no token "[PAD]"']],
    [
      'another tokenizer',
      () => vocabulary({ tokenizer_class: 'MPNetTokenizer' }),
      [
        'tokenizer_config.json: tokenizer_class: the tokenizer "MPNetTokenizer" is not supported without its tokenizer.json',
      ],
    ],
    [
      'another way to split',
      () => vocabulary({ do_basic_tokenize: false }),
      ['tokenizer_config.json: do_basic_tokenize: only true is supported'],
    ],
    ['a setting of another type', () => vocabulary({ do_lower_case: 'yes' }), ['tokenizer_config.json: do_lower_case']],
    [
      'settings that are no JSON',
      () => folderWith({ 'vocab.txt': tokens.join('\n'), 'tokenizer_config.json': '<html>' }),
      ['tokenizer_config.json is not JSON'],
    ],
  ])('%s is refused', (_, make, message) => {
    expect(() => readFolderTokenizer(make())).toThrow(refusal(...message));
  });
});

describe('which file', () => {
  test('tokenizer.json comes before vocab.txt', () => {
    const folder = folderWith({ 'vocab.txt': tokens.join('\n'), 'tokenizer.json': smallTokenizerJson() });
    expect(findFolderTokenizer(folder)).toEqual({ file: join(folder, 'tokenizer.json'), isVocabulary: false });
    expect(read(folder, 'hello world')).toEqual(['[CLS]', 'hello', 'world', '[SEP]']);
  });

  test.each<[string, () => string, string[]]>([
    ['neither', () => folderWith({}), ['has no tokenizer.json and no vocab.txt']],
    [
      'SentencePiece alone',
      () => folderWith({ 'spiece.model': 'x' }),
      ['has no tokenizer.json; spiece.model alone is not supported'],
    ],
    [
      'byte pairs alone',
      () => folderWith({ 'merges.txt': 'x', 'vocab.json': '{}' }),
      ['merges.txt alone is not supported'],
    ],
    ['no folder', () => '/no/such/folder', ["The encoder's folder /no/such/folder does not exist"]],
  ])('%s is refused', (_, make, message) => {
    expect(() => findFolderTokenizer(make())).toThrow(refusal(...message));
    expect(() => readFolderTokenizer(make())).toThrow(refusal(...message));
  });
});

describe('a tokenizer.json with a part that is not supported is refused, naming it', () => {
  test.each<[string, object, string]>([
    [
      'model',
      { model: { type: 'WordLevel', vocab: {}, unk_token: '[UNK]' } },
      'model "WordLevel" is not supported; expected WordPiece, BPE, Unigram',
    ],
    ['normalizer', { normalizer: { type: 'Nmt' } }, 'Unknown Normalizer type: Nmt'],
    [
      'normalizer within a sequence',
      { normalizer: { type: 'Sequence', normalizers: [{ type: 'NFD' }, { type: 'Nmt' }] } },
      'Unknown Normalizer type: Nmt',
    ],
    ['pre_tokenizer', { pre_tokenizer: { type: 'UnicodeScripts' } }, 'Unknown PreTokenizer type: UnicodeScripts'],
    ['post_processor', { post_processor: { type: 'Other' } }, 'Unknown PostProcessor type: Other'],
  ])('%s', (_, part, message) => {
    expect(() => readFolderTokenizer(folderWith({ 'tokenizer.json': { ...smallTokenizerJson(), ...part } }))).toThrow(
      refusal('tokenizer.json', message),
    );
  });
});

const real = resolve('../shared/data/tok-all-MiniLM-L6-v2');
describe.skipIf(!existsSync(real))(`BERT's vocabulary (skipped where ${real} is absent)`, () => {
  const { cases, pairs } = JSON.parse(readFileSync('tests/fixtures/published/bert-base-uncased-ids.json', 'utf8')) as {
    cases: { text: string; ids: number[] }[];
    pairs: { texts: [string, string]; ids: number[] }[];
  };

  test('vocab.txt gives the published ids of every text, whole and cut', () => {
    const folder = folderWith({});
    for (const name of ['vocab.txt', 'tokenizer_config.json']) copyFileSync(join(real, name), join(folder, name));
    const tokenizer = readFolderTokenizer(folder);
    expect(tokenizer).toMatchObject({ vocabularySize: 30_522, padId: 0, specialIds: [0, 100, 101, 102, 103] });
    for (const { text, ids } of cases) {
      expect([...tokenizer.encode(text, 512)], text).toEqual(ids);
      for (let maxLength = 3; maxLength < ids.length; maxLength++)
        expect([...tokenizer.encode(text, maxLength)], text).toEqual([...ids.slice(0, maxLength - 1), 102]);
    }
  });

  test('both texts of a published pair have the ids that they have in it', () => {
    const tokenizer = readFolderTokenizer(real);
    for (const {
      texts: [first, second],
      ids,
    } of pairs)
      expect([...tokenizer.encode(first, 512), ...tokenizer.encode(second, 512).subarray(1)]).toEqual(ids);
    expect(pairs.length).toBeGreaterThan(0);
  });
});
