/**
 * The `tokenizer.json` format of Hugging Face's tokenizers, the parts that affect token ids. It is checked before the
 * library gets it, because the library misreads what it does not know (an unknown model type) or fails without naming
 * the part.
 */
import { z } from 'zod';
import { LabError } from '../../shared/errors.ts';
import { jsonFault } from '../../shared/json.ts';
import { parseJson } from '../../shared/parseJson.ts';
import { safeParse } from '../../shared/safeParse.ts';

const tokenId = z.int().min(0);
/** Not a `z.record`, which drops a token "__proto__". */
const vocabulary = z
  .custom<Readonly<Record<string, number>>>(
    (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
    'expected an object of tokens and ids',
  )
  .check(({ value, issues }) => {
    const wrong = Object.entries(value).find(([, id]) => !tokenId.safeParse(id).success);
    if (wrong)
      issues.push({
        code: 'custom',
        input: wrong[1],
        path: [wrong[0]],
        message: 'expected an id: an integer of at least 0',
      });
  });
const component = z.looseObject({ type: z.string() }).nullable().default(null);

const modelSchemas = {
  WordPiece: z.looseObject({
    type: z.literal('WordPiece'),
    unk_token: z.string(),
    continuing_subword_prefix: z.string(),
    vocab: vocabulary,
  }),
  BPE: z.looseObject({ type: z.literal('BPE'), vocab: vocabulary, merges: z.array(z.unknown()) }),
  Unigram: z
    .looseObject({
      type: z.literal('Unigram'),
      unk_id: tokenId.nullish(),
      vocab: z.array(z.tuple([z.string(), z.number()])).min(1),
    })
    .refine(({ unk_id, vocab }) => (unk_id ?? 0) < vocab.length, {
      path: ['unk_id'],
      error: 'expected the id of a token',
    }),
};

const modelSchema = z.discriminatedUnion('type', [modelSchemas.WordPiece, modelSchemas.BPE, modelSchemas.Unigram]);

const tokenizerJsonSchema = z.object({
  version: z.string().default('1.0'),
  padding: z.looseObject({ pad_token: z.string() }).nullable().default(null),
  added_tokens: z
    .array(z.looseObject({ id: tokenId, content: z.string().min(1), special: z.boolean().default(false) }))
    .default([]),
  normalizer: component,
  pre_tokenizer: component,
  post_processor: component,
  decoder: component,
  model: modelSchema,
});

export type TokenizerJson = z.infer<typeof tokenizerJsonSchema>;

const tokenizerConfigSchema = z.looseObject({
  pad_token: z.union([z.string(), z.looseObject({ content: z.string() })]).nullish(),
});

const newFileFix = 'Give a tokenizer.json saved by Hugging Face tokenizers, or none to train a vocabulary on the data.';

/** Checked content of a `tokenizer.json`; `where` names the file in errors. */
export function parseTokenizerJson(text: string, where: string): TokenizerJson {
  const value = soundJson(text, where);
  const modelType = (value as { model?: { type?: unknown } } | null)?.model?.type;
  if (typeof modelType === 'string' && !(modelType in modelSchemas))
    throw new LabError(
      'encoder',
      `${where}: model "${modelType}" is not supported; expected ${Object.keys(modelSchemas).join(', ')}.`,
      newFileFix,
    );
  return validated(tokenizerJsonSchema, value, where);
}

/** The padding token that a `tokenizer_config.json` names, if it names one. */
export function parsePadToken(text: string, where: string): string | undefined {
  const { pad_token: padToken } = checkedTokenizerFile(tokenizerConfigSchema, text, where);
  return typeof padToken === 'object' ? padToken?.content : padToken;
}

/**
 * Tokens by id; gaps are undefined. Refuses two tokens with one id, and ids so high that an
 * embedding table would be mostly gaps.
 */
export function tokensById(json: TokenizerJson, where: string): (string | undefined)[] {
  const { vocab } = json.model;
  const entries: [string, number][] = Array.isArray(vocab)
    ? vocab.map(([token], id) => [token, id])
    : Object.entries(vocab);
  for (const { content, id } of json.added_tokens) entries.push([content, id]);
  if (entries.length === 0) throw new LabError('encoder', `${where}: the vocabulary is empty.`, newFileFix);

  const tokens: (string | undefined)[] = [];
  for (const [token, id] of entries) {
    if (id >= 2 * entries.length)
      throw new LabError(
        'encoder',
        `${where}: token ${JSON.stringify(token)} has id ${id}, in a vocabulary of ${entries.length} tokens.`,
        newFileFix,
      );
    if (tokens[id] !== undefined && tokens[id] !== token)
      throw new LabError(
        'encoder',
        `${where}: tokens ${JSON.stringify(tokens[id])} and ${JSON.stringify(token)} have the same id ${id}.`,
        newFileFix,
      );
    tokens[id] = token;
  }
  return tokens;
}

function soundJson(text: string, where: string): unknown {
  let value: unknown;
  try {
    value = parseJson(text);
  } catch (cause) {
    throw new LabError('encoder', `${where} is not JSON: ${(cause as Error).message}.`, newFileFix, { cause });
  }
  const fault = jsonFault(value);
  if (fault !== null) throw new LabError('encoder', `${where} ${fault}.`, newFileFix);
  return value;
}

/** Parses and checks one of a tokenizer's JSON files; `where` names it in errors. */
export function checkedTokenizerFile<Schema extends z.ZodType>(
  schema: Schema,
  text: string,
  where: string,
): z.output<Schema> {
  return validated(schema, soundJson(text, where), where);
}

function validated<Schema extends z.ZodType>(schema: Schema, value: unknown, where: string): z.infer<Schema> {
  const result = safeParse(schema, value);
  if (result.success) return result.data;
  const { path, message } = result.error.issues[0]!;
  throw new LabError('encoder', `${where}: ${path.join('.') || 'content'}: ${message}.`, newFileFix);
}
