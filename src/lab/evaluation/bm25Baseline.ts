import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { decodeMessage, encodeMessage } from '../../shared/contract/codec.ts';
import { writeCacheFile } from '../files/cacheFile.ts';
import type { CorpusQuestion } from '../data/corpus.ts';
import { openRunData, type RunDataReference } from '../data/runData.ts';
import { candidateAnalyzers, type Analyzer } from './analyzers.ts';
import { Bm25 } from './bm25.ts';
import { buildCollection } from './collection.ts';
import { evaluateFullCorpus, type FullCorpusValues } from './fullCorpus.ts';

/** BM25 on a test split: every full-corpus metric, one value per question. */
export interface Bm25Results {
  /** Of those that suit the texts, the one that ranks best for training questions. */
  readonly analyzer: Analyzer;
  readonly question_ids: readonly string[];
  readonly values: Readonly<Record<string, Float32Array>>;
}

/** Raised when BM25, the cleaning of words or a metric changes. */
const version = 2;
/** Queries between two pauses that let other work of the process run. */
const queriesAtOnce = 50;

/**
 * Each test question against the same documents as in the evaluation of an encoder. The result is kept in `cache`,
 * because every verdict needs it. A cache file that cannot be read is computed again.
 */
export async function bm25Results(data: RunDataReference, cache: string): Promise<Bm25Results> {
  const { limit, testSize, seed, method } = data.split;
  const key = createHash('sha256')
    .update(JSON.stringify([version, data.hash, { limit, testSize, seed, method }]))
    .digest('hex')
    .slice(0, 32);
  const file = join(cache, 'bm25', `${key}.msgpack`);
  const known = readResults(file);
  if (known) return known;
  const { train, test, texts } = await openRunData(data);
  const results = await evaluateBm25(test, texts, await strongestAnalyzer(train, texts));
  writeCacheFile(file, [encodeMessage(results)]);
  return results;
}

function readResults(file: string): Bm25Results | null {
  if (!existsSync(file)) return null;
  try {
    const { analyzer, question_ids, values } = decodeMessage(readFileSync(file)) as Bm25Results;
    const whole =
      Array.isArray(question_ids) &&
      Object.values(values).every((each) => each instanceof Float32Array && each.length === question_ids.length);
    return whole ? { analyzer, question_ids, values } : null;
  } catch {
    return null; // Damaged: a cache can be computed again.
  }
}

/** Training questions by which an analyzer is chosen. */
const questionsToChooseBy = 1000;

/** The analyzer whose BM25 has the highest MRR@10 on training questions, so that no loss wins against a weak opponent. */
export async function strongestAnalyzer(
  trainQuestions: readonly CorpusQuestion[],
  texts: readonly string[],
): Promise<Analyzer> {
  const step = Math.max(1, Math.floor(trainQuestions.length / questionsToChooseBy));
  const chosen = trainQuestions.filter((_, index) => index % step === 0).slice(0, questionsToChooseBy);
  const candidates = candidateAnalyzers(
    chosen.flatMap(({ text, answers }) => [texts[text]!, ...answers.slice(0, 1).map((answer) => texts[answer.text]!)]),
  );
  let best: { analyzer: Analyzer; mean: number } = { analyzer: 'words', mean: -1 };
  for (const analyzer of candidates.length > 1 && chosen.length > 1 ? candidates : []) {
    const { values } = await evaluateBm25(chosen, texts, analyzer);
    const mean = meanOf(values['mrr@10']!);
    if (mean > best.mean) best = { analyzer, mean };
  }
  return best.analyzer;
}

/** Over the questions to which a metric applies. */
export function meanOf(values: Float32Array): number {
  const known = values.filter((value) => !Number.isNaN(value));
  return known.reduce((sum, value) => sum + value, 0) / known.length;
}

/** @param texts of the corpus, by the numbers that questions and answers have */
export async function evaluateBm25(
  testQuestions: readonly CorpusQuestion[],
  texts: readonly string[],
  analyzer: Analyzer,
): Promise<Bm25Results> {
  const { documents, queries } = buildCollection(testQuestions);
  const bm25 = new Bm25(
    documents.map(({ text }) => texts[text]!),
    analyzer,
  );
  const row = new Float32Array(documents.length);
  const values: Record<string, Float32Array> = {};
  for (const [index, { question, answers }] of queries.entries()) {
    row.fill(0);
    bm25.addScores(texts[question.text]!, row);
    for (const [name, value] of Object.entries(evaluateFullCorpus(row, answers)) as [
      keyof FullCorpusValues,
      number,
    ][]) {
      (values[name] ??= new Float32Array(queries.length))[index] = value;
    }
    if (index % queriesAtOnce === queriesAtOnce - 1) await setImmediate();
  }
  return { analyzer, question_ids: queries.map(({ question }) => question.id), values };
}
