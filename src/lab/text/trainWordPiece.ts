/**
 * Trains a WordPiece vocabulary on texts and writes it as `tokenizer.json`. The Hugging Face library's BERT normaliser
 * and pre-tokeniser split texts into words, so that training and encoding use the same words.
 */
import { LabError } from '../../shared/errors.ts';
import { bertSpecialTokens, bertTokenizerJson, continuation, maximumWordCharacters } from './bertTokenizerJson.ts';
import { chunkPattern } from './chunks.ts';
import { createLibraryTokenizer } from './library.ts';
import { mergePairs, type SymbolWords } from './pairMerges.ts';

export interface WordPieceSettings {
  /** Maximum number of tokens, including special tokens and characters; from 64 to 2^20. */
  readonly vocabularySize: number;
  /** Characters and pairs that occur less often do not become tokens; default 2. */
  readonly minimumFrequency?: number;
}

const specialTokens = Object.values(bertSpecialTokens) as readonly string[];
/** Maximum number of characters. The most frequent are kept: rarer ones would fill the vocabulary with noise. */
const maximumAlphabet = 1000;

/**
 * `tokenizer.json` content of a vocabulary trained on `texts`: ids 0–4 are [PAD], [UNK], [CLS], [SEP], [MASK], then
 * come characters, then merged pieces, most frequent first. The result depends only on the frequency of each word and
 * on the settings: the same texts in any order give the same bytes. Throws a LabError if the size is out of range, or
 * if the texts contain no word that can be learned.
 */
export function trainWordPiece(texts: Iterable<string>, settings: WordPieceSettings): string {
  const { vocabularySize, minimumFrequency = 2 } = settings;
  if (!Number.isInteger(vocabularySize) || vocabularySize < 64 || vocabularySize > 2 ** 20)
    throw new LabError(
      'configuration',
      `A vocabulary size must be an integer from 64 to ${2 ** 20}; found ${vocabularySize}.`,
    );
  const wordCounts = countWords(texts);
  // Each character can need two tokens, plain and continuing: half of the vocabulary is enough for all.
  const room = Math.floor((vocabularySize - specialTokens.length) / 2);
  const alphabet = chooseAlphabet(wordCounts, minimumFrequency, Math.min(room, maximumAlphabet));
  if (alphabet.length === 0)
    throw new LabError(
      'data',
      `LossLab cannot train a vocabulary: no character occurs ${minimumFrequency} times in the texts.`,
      'Use more text, or give a tokenizer.json.',
    );
  const { tokens, words } = spellWords(wordCounts, alphabet);
  mergePairs(
    words,
    tokens,
    { vocabularySize, minimumFrequency },
    (left, right) => left + right.slice(continuation.length),
  );
  return JSON.stringify(tokenizerJson(tokens));
}

/** How often each word occurs; each distinct run between spaces is split only once. */
function countWords(texts: Iterable<string>): Map<string, number> {
  const { normalizer, pre_tokenizer: preTokenizer } = createLibraryTokenizer(tokenizerJson(specialTokens));
  const wordCounts = new Map<string, number>();
  for (const [chunk, { count }] of countChunks(texts))
    for (const word of preTokenizer!.pre_tokenize_text(normalizer!.normalize(chunk)))
      wordCounts.set(word, (wordCounts.get(word) ?? 0) + count);
  return wordCounts;
}

/** Counts are objects: a known chunk needs one look-up and no write to the map. */
function countChunks(texts: Iterable<string>): Map<string, { count: number }> {
  const chunkCounts = new Map<string, { count: number }>();
  const pattern = chunkPattern();
  for (const text of texts)
    for (const chunk of text.match(pattern) ?? []) {
      const known = chunkCounts.get(chunk);
      if (known) known.count++;
      else chunkCounts.set(chunk, { count: 1 });
    }
  return chunkCounts;
}

/** The characters to keep, by code units. Among equally frequent ones the first by code units stay. */
function chooseAlphabet(wordCounts: Map<string, number>, minimumFrequency: number, size: number): string[] {
  const characterCounts = new Map<string, number>();
  for (const [word, count] of wordCounts)
    for (const character of word) characterCounts.set(character, (characterCounts.get(character) ?? 0) + count);
  return [...characterCounts]
    .filter(([, count]) => count >= minimumFrequency)
    .sort(([a, countA], [b, countB]) => countB - countA || compare(a, b))
    .slice(0, size)
    .map(([character]) => character)
    .sort(compare);
}

/**
 * Words as token ids of characters: plain at the start, `##` inside. Words with a character outside
 * the alphabet, and words that are too long, are skipped: encoding makes them [UNK].
 */
function spellWords(
  wordCounts: Map<string, number>,
  alphabet: readonly string[],
): { tokens: string[]; words: SymbolWords } {
  const known = new Set(alphabet);
  const spelled: { characters: string[]; count: number }[] = [];
  const inside = new Set<string>();
  for (const [word, count] of wordCounts) {
    const characters = [...word];
    if (characters.length > maximumWordCharacters || !characters.every((character) => known.has(character))) continue;
    spelled.push({ characters, count });
    for (let i = 1; i < characters.length; i++) inside.add(characters[i]!);
  }
  const continuing = alphabet.filter((character) => inside.has(character));
  const tokens = [...specialTokens, ...alphabet, ...continuing.map((character) => continuation + character)];
  const idAtStart = new Map(alphabet.map((character, i) => [character, specialTokens.length + i]));
  const idInside = new Map(continuing.map((character, i) => [character, specialTokens.length + alphabet.length + i]));

  const starts = new Int32Array(spelled.length + 1);
  spelled.forEach(({ characters }, i) => (starts[i + 1] = starts[i]! + characters.length));
  const symbols = new Int32Array(starts[spelled.length]!);
  spelled.forEach(({ characters }, word) =>
    characters.forEach((character, i) => {
      symbols[starts[word]! + i] = (i === 0 ? idAtStart : idInside).get(character)!;
    }),
  );
  return { tokens, words: { symbols, starts, counts: Float64Array.from(spelled, ({ count }) => count) } };
}

function tokenizerJson(tokens: readonly string[]): object {
  return bertTokenizerJson(tokens, { lowercase: true, strip_accents: true, handle_chinese_chars: true });
}

/** By UTF-16 code units: the same on every system, whatever its locale. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
