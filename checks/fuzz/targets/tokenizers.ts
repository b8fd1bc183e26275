/** Tokenizers from files, and the file of stored tokens. */
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bertTokenizerJson } from '../../../src/lab/text/bertTokenizerJson.ts';
import { readFolderTokenizer } from '../../../src/lab/text/folderTokenizer.ts';
import { parseTokenizer } from '../../../src/lab/text/huggingFaceTokenizer.ts';
import { openTokenFile, TokenFileWriter } from '../../../src/lab/text/tokenFile.ts';
import type { Tokenizer } from '../../../src/lab/text/tokenizer.ts';
import { mutateJson } from '../mutators/json.ts';
import { require, type FuzzTarget } from '../target.ts';

const tokens = [
  '[PAD]',
  '[UNK]',
  '[CLS]',
  '[SEP]',
  '[MASK]',
  'hello',
  'world',
  '##s',
  '##ing',
  'run',
  '.',
  'x',
  '##x',
  '中',
];
const normalisation = { lowercase: true, strip_accents: null, handle_chinese_chars: true };
const texts = [
  '',
  'Hello worlds.',
  'running [SEP] xxx 中文 naïve',
  '\u0301 \ud800 \0 😀',
  '__proto__ constructor',
  'x'.repeat(300),
];

const wordPiece = bertTokenizerJson(tokens, normalisation);
const bytePair = {
  ...wordPiece,
  normalizer: { type: 'Lowercase' },
  pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
  model: {
    type: 'BPE',
    unk_token: '[UNK]',
    vocab: { '[PAD]': 0, '[UNK]': 1, '[CLS]': 2, '[SEP]': 3, '[MASK]': 4, h: 5, e: 6, l: 7, o: 8, he: 9, ll: 10 },
    merges: ['h e', 'l l'],
  },
};
const unigram = {
  ...wordPiece,
  normalizer: { type: 'NFKC' },
  pre_tokenizer: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: true },
  model: {
    type: 'Unigram',
    unk_id: 1,
    vocab: [
      ['[PAD]', 0],
      ['[UNK]', -10],
      ['[CLS]', 0],
      ['[SEP]', 0],
      ['[MASK]', 0],
      ['▁hello', -1],
      ['▁', -2],
      ['x', -3],
    ],
  },
};

export const tokenizerJson: FuzzTarget = {
  seeds: () => [wordPiece, bytePair, unigram].map((json) => Buffer.from(JSON.stringify(json))),
  mutators: [mutateJson],
  words: [
    '"WordPiece"',
    '"BPE"',
    '"Unigram"',
    '"type"',
    '"[UNK]"',
    'null',
    '"vocab"',
    '"ByteLevel"',
    '"Sequence"',
    '"Replace"',
    '"Regex"',
    '"(a+)+$"',
  ],
  parse: (input) => checkTokenizer(parseTokenizer(input.toString(), 'tokenizer.json')),
};

export const vocabulary: FuzzTarget = {
  seeds: () => [Buffer.from(`${tokens.join('\n')}\n`), Buffer.from(tokens.join('\r\n'))],
  words: ['\n', '\r', '\n\n', '__proto__\n', 'constructor\n', '[PAD]\n', '##', '\ufeff', '\u2028', ' \n', '5\n'],
  parse(input, folder) {
    writeFileSync(join(folder, 'vocab.txt'), input);
    const tokenizer = readFolderTokenizer(folder);
    const lines = Buffer.from(input).toString('utf8').split(/\r?\n/);
    if (lines.at(-1) === '') lines.pop();
    require(tokenizer.vocabularySize === lines.length, `${lines.length} lines make ${tokenizer.vocabularySize} tokens`);
    lines.forEach((line, id) =>
      require(tokenizer.token(id) ===
        line, `token ${id} is ${JSON.stringify(tokenizer.token(id))} and not ${JSON.stringify(line)}`),
    );
    return checkTokenizer(tokenizer);
  },
};

export const tokenizerConfig: FuzzTarget = {
  seeds: () => [
    Buffer.from(
      JSON.stringify({
        tokenizer_class: 'BertTokenizer',
        do_lower_case: true,
        pad_token: '[PAD]',
        unk_token: { content: '[UNK]' },
        strip_accents: null,
        tokenize_chinese_chars: true,
      }),
    ),
  ],
  mutators: [mutateJson],
  parse(input, folder) {
    writeFileSync(join(folder, 'vocab.txt'), tokens.join('\n'));
    writeFileSync(join(folder, 'tokenizer_config.json'), input);
    return checkTokenizer(readFolderTokenizer(folder));
  },
};

/** For any accepted file, a tokenizer must give ids of its vocabulary, and be the same when written and read again. */
function checkTokenizer(tokenizer: Tokenizer): 'accepted' {
  const { vocabularySize, padId, specialIds } = tokenizer;
  for (const id of [padId, ...specialIds])
    require(id >= 0 && id < vocabularySize, `the special token ${id} is not among ${vocabularySize}`);
  const again = parseTokenizer(tokenizer.toJson(), 'again');
  require(again.hash === tokenizer.hash, 'its hash is another when written and read again');
  for (const text of texts) {
    const ids = tokenizer.encode(text, 64);
    require(ids.length <= 64 &&
      ids.every(
        (id) => id >= 0 && id < vocabularySize,
      ), `${JSON.stringify(text)} becomes ${ids.join(' ')} of ${vocabularySize}`);
    require(ids.join() ===
      again.encode(text, 64).join(), `${JSON.stringify(text)} has other ids when written and read again`);
  }
  return 'accepted';
}

// --- Tokens ----------------------------------------------------------------------------------------

const key = 'ab'.repeat(32);
const tables = [
  { ids: Uint16Array.of(2, 5, 6, 3, 2, 3), lengths: Uint32Array.of(4, 2), truncated: 1 },
  { ids: Uint16Array.of(2, 7, 3), lengths: Uint32Array.of(3), truncated: 0 },
];

export const tokenFile: FuzzTarget = {
  seeds: () => [writtenTokens()],
  mutators: [withChecksum],
  parse(input, folder) {
    const path = join(folder, 'x.tokens');
    writeFileSync(path, input);
    const [inMemory, inFile] = [openTokenFile(path, key, 2 ** 20), openTokenFile(path, key, 0)];
    require('store' in inMemory ===
      'store' in inFile, 'it is refused from memory or from the file, and not from the other');
    if (!('store' in inMemory) || !('store' in inFile)) return 'refused';
    const { store } = inMemory;
    let tokensFound = 0;
    for (let text = 0; text < store.size; text++) {
      const ids = store.ids(text);
      require(ids.length === store.length(text) &&
        ids.join() === inFile.store.ids(text).join(), `text ${text} is another from memory than from the file`);
      tokensFound += ids.length;
    }
    require(tokensFound === store.tokens, `${tokensFound} tokens of ${store.tokens}`);
    inFile.store.close();
    return 'accepted';
  },
};

function writtenTokens(): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'losslab-tokens-'));
  try {
    const writer = new TokenFileWriter(join(folder, 'x'), key, 2);
    for (const table of tables) writer.add(table);
    writer.finish();
    return readFileSync(join(folder, 'x'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Corrects the checksum, so that later checks run. */
function withChecksum(input: Buffer): Buffer {
  if (input.length < 104) return input;
  const changed = Buffer.from(input);
  createHash('sha256').update(changed.subarray(104)).update(changed.subarray(0, 72)).digest().copy(changed, 72);
  return changed;
}
