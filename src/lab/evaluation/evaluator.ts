import { LabError } from '../../shared/errors.ts';
import { metricNames, type MetricName } from '../../shared/metrics.ts';
import type { CorpusQuestion } from '../data/corpus.ts';
import { firstNonFinite } from '../base/nonFinite.ts';
import { buildCollection } from './collection.ts';
import { evaluateFullCorpus } from './fullCorpus.ts';
import type { SimilarityProduct } from './similarity.ts';
import { evaluateStandardized, standardizedCandidates } from './standardized.ts';

export interface EvaluationInput {
  /** The test split, in its order. */
  readonly questions: readonly CorpusQuestion[];
  /** Rows of `dimension` values, one per encoded text. */
  readonly embeddings: Float32Array;
  readonly dimension: number;
  /** Row of a corpus text in `embeddings`; called for the texts of `textsToEncode` only. */
  readonly rowOf: (text: number) => number;
  /** Batch size of the training: the standardised evaluation takes its candidates from four batches. */
  readonly batchSize: number;
  readonly similarities: SimilarityProduct;
}

export interface Evaluation {
  /** Means over the questions for which the metric is defined; NaN if there are none. */
  readonly metrics: Record<MetricName, number>;
  readonly perQuery: {
    /** The test questions that have an answer, in the order of the test split. */
    readonly question_ids: string[];
    /** One value per question; NaN where undefined: standardised metrics need two answers. */
    readonly values: Record<MetricName, Float32Array>;
  };
}

/** Corpus indices of the distinct texts that an evaluation needs, in order of first use. */
export function textsToEncode(testQuestions: readonly CorpusQuestion[]): number[] {
  const answered = testQuestions.filter(({ answers }) => answers.length > 0);
  return [...new Set(answered.flatMap(({ text, answers }) => [text, ...answers.map((answer) => answer.text)]))];
}

/**
 * Both evaluations of an encoder on a test split, from one pass over the similarities of all questions with all
 * answers. Throws a `data` LabError if no question has an answer, and a `training` LabError if an embedding is NaN or
 * infinite.
 */
export async function evaluate({
  questions,
  embeddings,
  dimension,
  rowOf,
  batchSize,
  similarities,
}: EvaluationInput): Promise<Evaluation> {
  const collection = buildCollection(questions);
  const { queries, documents } = collection;
  if (queries.length === 0) {
    throw new LabError(
      'data',
      `None of the ${questions.length} test questions has an answer: evaluation needs at least one.`,
      'Use a dataset with answers, or a larger test_size.',
    );
  }
  const candidates = standardizedCandidates(questions, batchSize, collection);
  const gather = (texts: readonly number[]): Float32Array => gatherRows(embeddings, dimension, texts.map(rowOf));
  const product = similarities(
    gather(queries.map(({ question }) => question.text)),
    gather(documents.map(({ text }) => text)),
    dimension,
  );

  const values = Object.fromEntries(
    metricNames.map((name) => [name, new Float32Array(queries.length).fill(NaN)]),
  ) as Record<MetricName, Float32Array>;
  const blockSize = queriesPerBlock(documents.length);
  for (let start = 0; start < queries.length; start += blockSize) {
    const end = Math.min(start + blockSize, queries.length);
    const block = await product(start, end);
    for (let index = start; index < end; index++) {
      const { question, answers } = queries[index]!;
      const row = block.subarray((index - start) * documents.length, (index - start + 1) * documents.length);
      record(values, index, evaluateFullCorpus(row, answers));
      const own = candidates.get(question);
      if (own) record(values, index, evaluateStandardized(row, own), 'standardized/');
    }
  }
  return {
    metrics: Object.fromEntries(metricNames.map((name) => [name, meanOfDefined(values[name])])) as Record<
      MetricName,
      number
    >,
    perQuery: { question_ids: queries.map(({ question }) => question.id), values },
  };
}

/** Blocks of similarities of at most 16 MB, unless one row alone is larger. */
function queriesPerBlock(documentCount: number): number {
  return Math.max(1, Math.floor(2 ** 22 / documentCount));
}

function gatherRows(embeddings: Float32Array, dimension: number, rows: readonly number[]): Float32Array {
  const gathered = new Float32Array(rows.length * dimension);
  const available = embeddings.length / dimension;
  rows.forEach((row, index) => {
    if (!(row >= 0 && row < available))
      throw new RangeError(`Row ${row} is missing in ${available} embeddings: a text was not encoded.`);
    gathered.set(embeddings.subarray(row * dimension, (row + 1) * dimension), index * dimension);
  });
  const broken = firstNonFinite(gathered);
  if (broken !== undefined) {
    throw new LabError(
      'training',
      `The embeddings of the encoder contain ${broken}: they cannot be evaluated.`,
      'Lower learning_rate, or set max_gradient_norm.',
    );
  }
  return gathered;
}

function record(
  values: Record<string, Float32Array>,
  index: number,
  measured: Record<string, number>,
  prefix = '',
): void {
  for (const [name, value] of Object.entries(measured)) values[prefix + name]![index] = value;
}

function meanOfDefined(values: Float32Array): number {
  let sum = 0;
  let count = 0;
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    sum += value;
    count++;
  }
  return count === 0 ? NaN : sum / count;
}
