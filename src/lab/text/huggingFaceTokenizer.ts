/** Tokenizers read from `tokenizer.json` through Hugging Face's library. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ConfigurationError } from '../../shared/configuration.ts';
import { LabError } from '../../shared/errors.ts';
import { chunkPattern } from './chunks.ts';
import { createLibraryTokenizer, type LibraryTokenizer } from './library.ts';
import type { Tokenizer } from './tokenizer.ts';
import { parsePadToken, parseTokenizerJson, tokensById, type TokenizerJson } from './tokenizerJson.ts';

/** Increased when an update of the library, or of this file, changes the ids for the same vocabulary. */
const encodingVersion = 1;

/** Number of distinct chunks that are remembered, and their maximum length in UTF-16 units. */
const cachedChunks = 200_000;
const cachedChunkLength = 64;

/**
 * Reads a `tokenizer.json`. The file decides the ids; from a `tokenizer_config.json` in the same folder only the
 * padding token is used. Throws a LabError ('encoder') that names the file and the part that is missing, invalid or not
 * supported.
 */
export function readTokenizer(path: string): Tokenizer {
  const json = readText(path);
  if (json === undefined)
    throw new LabError('encoder', `The tokenizer file ${path} does not exist.`, 'Give the path of a tokenizer.json.');
  const configPath = join(dirname(path), 'tokenizer_config.json');
  const config = readText(configPath);
  return parseTokenizer(json, path, config === undefined ? undefined : parsePadToken(config, configPath));
}

/**
 * A tokenizer from the text of a `tokenizer.json`; `where` names it in errors. The padding token is `padToken` if
 * given, otherwise the one of the file's `padding`, otherwise `[PAD]`.
 */
export function parseTokenizer(json: string, where: string, padToken?: string): Tokenizer {
  return new HuggingFaceTokenizer(parseTokenizerJson(json, where), where, padToken);
}

class HuggingFaceTokenizer implements Tokenizer {
  readonly vocabularySize: number;
  readonly padId: number;
  readonly specialIds: readonly number[];
  readonly tokensBehind: number;
  readonly hash: string;
  readonly where: string;
  readonly #tokens: readonly (string | undefined)[];
  readonly #json: string;
  /** Special tokens before and after a text. */
  readonly #before: readonly number[];
  readonly #after: readonly number[];
  /** The first `limit` or more ids of a text, without special tokens around it. */
  readonly #textIds: (text: string, limit: number) => number[];

  constructor(json: TokenizerJson, where: string, padToken = json.padding?.pad_token ?? '[PAD]') {
    this.where = where;
    this.#tokens = tokensById(json, where);
    this.vocabularySize = this.#tokens.length;
    this.padId = idOf(padToken, 'padding token', this.#tokens, where);
    if (json.model.type === 'WordPiece') idOf(json.model.unk_token, 'unknown token', this.#tokens, where);

    const library = supported(where, () => createLibraryTokenizer(json));
    [this.#before, this.#after] = surroundingTokens(library, where).map((tokens) =>
      tokens.map((token) => idOf(token, 'special token', this.#tokens, where)),
    ) as [number[], number[]];
    this.tokensBehind = this.#after.length;
    const special = json.added_tokens.filter((token) => token.special).map((token) => token.id);
    this.specialIds = [...new Set([...special, ...this.#before, ...this.#after, this.padId])].sort((a, b) => a - b);
    const wholeText = (text: string): number[] => libraryIds(library, text, where);
    this.#textIds = chunksAreIndependent(json) ? encodeByChunk(wholeText) : wholeText;

    this.#json = JSON.stringify(selfContained(json, padToken, this.padId));
    this.hash = createHash('sha256').update(`${encodingVersion}\n${this.#json}`).digest('hex');
  }

  encode(text: string, maxLength: number): Int32Array {
    const around = this.#before.length + this.#after.length;
    const room = maxLength - around;
    if (!(room >= 1))
      throw new ConfigurationError(
        ['max_length', 'tokenizer'],
        `max_length ${maxLength} leaves no room for text: the tokenizer adds ${around} special tokens.`,
        `Set max_length to ${around + 1} or more.`,
      );
    const ids = this.#textIds(text, room);
    const kept = Math.min(ids.length, room);
    const result = new Int32Array(around + kept);
    result.set(this.#before);
    for (let i = 0; i < kept; i++) result[this.#before.length + i] = ids[i]!;
    result.set(this.#after, this.#before.length + kept);
    return result;
  }

  token(id: number): string {
    const token = this.#tokens[id];
    if (token === undefined) throw new RangeError(`no token has id ${id} in a vocabulary of ${this.vocabularySize}`);
    return token;
  }

  toJson(): string {
    return this.#json;
  }
}

/** Text of a file; undefined if it does not exist. */
function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new LabError(
      'encoder',
      `${path} cannot be read: ${(cause as Error).message}.`,
      'Check the path and its permissions.',
      { cause },
    );
  }
}

/** The library checks some parts only when it uses them, possibly at the first text. */
function supported<Result>(where: string, use: () => Result): Result {
  try {
    return use();
  } catch (cause) {
    throw new LabError(
      'encoder',
      `${where}: a part of this tokenizer is not supported: ${(cause as Error).message}.`,
      'Give another tokenizer.json, or none to train a vocabulary on the data.',
      { cause },
    );
  }
}

function libraryIds(library: LibraryTokenizer, text: string, where: string): number[] {
  const { ids, tokens } = supported(where, () => library.encode(text, { add_special_tokens: false }));
  const missing = ids.indexOf(undefined);
  if (missing >= 0)
    throw new LabError(
      'encoder',
      `${where}: the vocabulary has neither the token ${JSON.stringify(tokens[missing])} nor an unknown token to use instead.`,
      'Give a tokenizer.json with an unknown token.',
    );
  return ids as number[];
}

/** Tokens that the post-processor puts before and after one text. */
function surroundingTokens(library: LibraryTokenizer, where: string): [string[], string[]] {
  const text = '\u0000text';
  const tokens = supported(where, () => library.post_processor?.post_process([text], null, true).tokens) ?? [text];
  const position = tokens.indexOf(text);
  if (position < 0 || tokens.lastIndexOf(text) !== position)
    throw new LabError('encoder', `${where}: post_processor must contain the text exactly once.`);
  return [tokens.slice(0, position), tokens.slice(position + 1)];
}

function idOf(token: string, role: string, tokens: readonly (string | undefined)[], where: string): number {
  const id = tokens.indexOf(token);
  if (id >= 0) return id;
  throw new LabError(
    'encoder',
    `${where}: the ${role} ${JSON.stringify(token)} is not in the vocabulary.`,
    'Add it to the vocabulary, or name the right token.',
  );
}

/** Whether the ids of a text are the joined ids of its chunks (see chunks.ts). */
function chunksAreIndependent({ model, normalizer, pre_tokenizer, added_tokens }: TokenizerJson): boolean {
  return (
    model.type === 'WordPiece' &&
    !model['fuse_unk'] &&
    pre_tokenizer?.type === 'BertPreTokenizer' &&
    (normalizer === null || normalizer.type === 'BertNormalizer') &&
    added_tokens.every((token) => !(token['normalized'] ?? !token.special) && !/\s/.test(token.content))
  );
}

/** Encodes text chunk by chunk, with a cache of recent chunks. */
function encodeByChunk(encodeChunk: (chunk: string) => number[]): (text: string, limit: number) => number[] {
  const pattern = chunkPattern();
  // Two generations: when the young one is full, it replaces the old one, and chunks that were only in the old one are
  // forgotten. Common chunks stay, and memory is bounded.
  let young = new Map<string, number[]>();
  let old = new Map<string, number[]>();
  const chunkIds = (chunk: string): number[] => {
    const known = young.get(chunk);
    if (known) return known;
    const ids = old.get(chunk) ?? encodeChunk(chunk);
    if (chunk.length > cachedChunkLength) return ids;
    if (young.size >= cachedChunks) {
      old = young;
      young = new Map();
    }
    young.set(chunk, ids);
    return ids;
  };
  return (text, limit) => {
    const ids: number[] = [];
    pattern.lastIndex = 0;
    for (let match = pattern.exec(text); match && ids.length < limit; match = pattern.exec(text))
      for (const id of chunkIds(match[0])) ids.push(id);
    return ids;
  };
}

/** The file with its padding token inside, and without the truncation that `maxLength` decides. */
function selfContained(json: TokenizerJson, padToken: string, padId: number): object {
  const padding = {
    strategy: 'BatchLongest',
    direction: 'Right',
    pad_to_multiple_of: null,
    pad_id: padId,
    pad_type_id: 0,
    pad_token: padToken,
  };
  return { ...json, truncation: null, padding };
}
