import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Manifest } from '../../shared/manifest.ts';
import { writeCacheFile } from '../files/cacheFile.ts';
import { parseTokenizer } from '../text/huggingFaceTokenizer.ts';
import { tokenizeCorpus } from '../text/tokenizeCorpus.ts';
import type { Tokenizer } from '../text/tokenizer.ts';
import { trainWordPiece } from '../text/trainWordPiece.ts';
import { questionText, type Question } from './dataset.ts';
import { streamQuestions } from './datasetFolder.ts';
import { ValueCounts } from './histogram.ts';
import { Reservoir } from './reservoir.ts';
import { countAt } from './statistics.ts';

const histogram = z.strictObject({ edges: z.array(z.number()).readonly(), counts: z.array(z.number()).readonly() });

/** What is known of a dataset after reading all its questions, beside its manifest. */
export const datasetProfile = z.strictObject({
  /** `answersPerQuestion[n]`: how many questions have exactly n answers. */
  answersPerQuestion: z.array(z.number()),
  /** Of answers. */
  scores: histogram,
  /** Tokens of a sample of texts, special tokens included, without truncation. */
  questionTokens: z.array(z.number()),
  answerTokens: z.array(z.number()),
  examples: z.array(
    z.strictObject({ question: z.string(), answers: z.array(z.strictObject({ text: z.string(), score: z.number() })) }),
  ),
});
export type DatasetProfile = z.output<typeof datasetProfile>;

/** Of questions, and of answers: enough to know a share of them to within three percentage points, in about a second. */
const sampledTexts = 1000;
const examples = 5;
/** As for an encoder without a tokenizer of its own; in a small dataset, every word is used. */
const vocabulary = { vocabularySize: 8192, minimumFrequency: 1 };
/** Longer than any text. */
const noLimit = 2 ** 24;

/** The profile of a dataset, kept in `cache` under the hash of its content. Throws a `data` LabError if it is damaged. */
export async function cachedProfile(cache: string, folder: string, manifest: Manifest): Promise<DatasetProfile> {
  const file = join(cache, 'profiles', `${manifest.content.sha256}.json`);
  const known = readProfile(file);
  if (known) return known;
  const profile = await profileDataset(folder, manifest);
  writeCacheFile(file, [JSON.stringify(profile)]);
  return profile;
}

/** Null if there is none, or an incomplete one: it can be computed again. */
export function readProfile(file: string): DatasetProfile | null {
  if (!existsSync(file)) return null;
  try {
    return datasetProfile.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return null;
    throw error;
  }
}

/** Reads a dataset once, in bounded memory. Throws a `data` LabError if it is damaged. */
export async function profileDataset(folder: string, manifest: Manifest): Promise<DatasetProfile> {
  const scores = new ValueCounts();
  const questions = new Reservoir<string>(sampledTexts, 'questions');
  const answers = new Reservoir<string>(sampledTexts, 'answers');
  const shown = new Reservoir<Question>(examples, 'examples');
  const answersPerQuestion: number[] = [];
  for await (const question of streamQuestions(folder, manifest)) {
    questions.add(questionText(question));
    shown.add(question);
    countAt(answersPerQuestion, question.answers.length);
    for (const { body, score } of question.answers) {
      answers.add(body);
      scores.add(score);
    }
  }
  const tokenizer = parseTokenizer(trainWordPiece([...questions.items, ...answers.items], vocabulary), 'sample');
  return {
    answersPerQuestion,
    scores: scores.histogram(),
    questionTokens: await tokenCounts(questions.items, tokenizer),
    answerTokens: await tokenCounts(answers.items, tokenizer),
    examples: shown.items.map((question) => ({
      question: questionText(question),
      answers: question.answers.map(({ body, score }) => ({ text: body, score })),
    })),
  };
}

/** Lets other work of this process run in between. */
async function tokenCounts(texts: readonly string[], tokenizer: Tokenizer): Promise<number[]> {
  const tokens = await tokenizeCorpus(texts, tokenizer, noLimit);
  return texts.map((_, text) => tokens.length(text));
}
