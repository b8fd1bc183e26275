import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { LabError } from '../../shared/errors.ts';
import { bertSpecialTokens, bertTokenizerJson, type BertSpecialTokens } from './bertTokenizerJson.ts';
import { parseTokenizer, readTokenizer } from './huggingFaceTokenizer.ts';
import type { Tokenizer } from './tokenizer.ts';
import { checkedTokenizerFile } from './tokenizerJson.ts';

/** Throws an `encoder` LabError that names what is missing or not supported. */
export function readFolderTokenizer(folder: string): Tokenizer {
  const { file, isVocabulary } = findFolderTokenizer(folder);
  return isVocabulary ? readVocabulary(file, join(folder, 'tokenizer_config.json')) : readTokenizer(file);
}

/**
 * The file of the tokenizer in a folder of weights: `tokenizer.json`, or, in older folders, the `vocab.txt` of a BERT
 * tokenizer. Throws an `encoder` LabError if there is neither.
 */
export function findFolderTokenizer(folder: string): { readonly file: string; readonly isVocabulary: boolean } {
  const [json, vocabulary] = [join(folder, 'tokenizer.json'), join(folder, 'vocab.txt')];
  if (existsSync(json)) return { file: json, isVocabulary: false };
  if (existsSync(vocabulary)) return { file: vocabulary, isVocabulary: true };
  if (!existsSync(folder))
    throw new LabError(
      'encoder',
      `The encoder's folder ${folder} does not exist.`,
      'Name a folder with config.json and model.safetensors.',
    );
  const other = ['spiece.model', 'sentencepiece.bpe.model', 'tokenizer.model', 'merges.txt'].find((name) =>
    existsSync(join(folder, name)),
  );
  throw new LabError(
    'encoder',
    `${folder} has no tokenizer.json${other ? `; ${other} alone is not supported` : ' and no vocab.txt'}.`,
    'Save the tokenizer of these weights there with Hugging Face tokenizers, or name a file with the key tokenizer.',
  );
}

const bertClasses = ['BertTokenizer', 'BertTokenizerFast', 'DistilBertTokenizer', 'DistilBertTokenizerFast'] as const;
const token = z
  .union([z.string().min(1), z.object({ content: z.string().min(1) }).transform(({ content }) => content)])
  .nullish();

/** The settings of a BERT tokenizer in `tokenizer_config.json`, with BERT's defaults. */
const configSchema = z.object({
  tokenizer_class: z
    .enum(bertClasses, {
      error: ({ input }) => `the tokenizer ${JSON.stringify(input)} is not supported without its tokenizer.json`,
    })
    .nullish(),
  do_lower_case: z.boolean().default(true),
  do_basic_tokenize: z.literal(true, 'only true is supported').default(true),
  strip_accents: z.boolean().nullable().default(null),
  tokenize_chinese_chars: z.boolean().default(true),
  pad_token: token,
  unk_token: token,
  cls_token: token,
  sep_token: token,
  mask_token: token,
});

function readVocabulary(file: string, configFile: string): Tokenizer {
  const config = checkedTokenizerFile(
    configSchema,
    existsSync(configFile) ? readFileSync(configFile, 'utf8') : '{}',
    configFile,
  );
  const special: BertSpecialTokens = {
    pad: config.pad_token ?? bertSpecialTokens.pad,
    unknown: config.unk_token ?? bertSpecialTokens.unknown,
    start: config.cls_token ?? bertSpecialTokens.start,
    end: config.sep_token ?? bertSpecialTokens.end,
    mask: config.mask_token ?? bertSpecialTokens.mask,
  };
  const normalisation = {
    lowercase: config.do_lower_case,
    strip_accents: config.strip_accents,
    handle_chinese_chars: config.tokenize_chinese_chars,
  };
  const tokens = vocabularyLines(file);
  for (const needed of [special.pad, special.unknown, special.start, special.end]) {
    if (!tokens.includes(needed))
      throw new LabError(
        'encoder',
        `${file} has no token ${JSON.stringify(needed)}.`,
        'The files of a model must belong together: download the model again.',
      );
  }
  return parseTokenizer(JSON.stringify(bertTokenizerJson(tokens, normalisation, special)), file, special.pad);
}

/** One token per line; the line number from 0 is the id. */
function vocabularyLines(file: string): string[] {
  const lines = readFileSync(file, 'utf8').split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  const lineOf = new Map<string, number>();
  lines.forEach((line, i) => {
    const before = lineOf.get(line);
    if (before !== undefined)
      throw new LabError(
        'encoder',
        `${file}: lines ${before + 1} and ${i + 1} have the same token ${JSON.stringify(line)}.`,
        'Download the file again: this one is damaged.',
      );
    lineOf.set(line, i);
  });
  return lines;
}
