import { marginBin, marginBins, type Diagnostics } from '../../../shared/diagnostics.ts';
import type { SimilarityProduct } from '../similarity.ts';
import type { ProbePair } from './probe.ts';
import { effectiveRank } from './spectrum.ts';

/** Pairs whose singular values are computed; the time grows with the cube of their number. */
const spectrumPairs = 64;

export interface MeasuredEmbeddings {
  /** Rows of length 1. */
  readonly embeddings: Float32Array;
  readonly dimension: number;
  /** Row of a corpus text in `embeddings`. */
  readonly rowOf: (text: number) => number;
  readonly similarities: SimilarityProduct;
}

/**
 * The diagnostics of embeddings of unit length over a probe set:
 * - alignment, the mean of |q − a|² over pairs, and uniformity, the logarithm of the mean of exp(−2|x − y|²) over two
 *   texts of the same side, the mean of both sides (Wang and Isola 2020, α = 2, t = 2);
 * - the mean cosine of two unrelated texts;
 * - effective rank (see `effectiveRank`) of the texts of the first 64 pairs;
 * - margins: cos(question, best answer) − the highest cosine of the question with a wrong one.
 */
export async function diagnoseEmbeddings(
  probe: readonly ProbePair[],
  { embeddings, dimension, rowOf, similarities }: MeasuredEmbeddings,
): Promise<Diagnostics> {
  const gather = (texts: readonly number[]): Float32Array => {
    const rows = new Float32Array(texts.length * dimension);
    texts.forEach((text, index) => rows.set(vectorOf(text), index * dimension));
    return rows;
  };
  const vectorOf = (text: number): Float32Array =>
    embeddings.subarray(rowOf(text) * dimension, (rowOf(text) + 1) * dimension);
  const count = probe.length;
  const questions = gather(probe.map(({ question }) => question));
  const answers = gather(probe.map(({ answer }) => answer));
  const product = (a: Float32Array, b: Float32Array): Promise<Float32Array> => similarities(a, b, dimension)(0, count);
  const across = await product(questions, answers);
  const sides = [
    sideOf(await product(questions, questions), count),
    sideOf(await product(answers, answers), count),
  ] as const;

  const own = probe.map((_, i) => across[i * count + i]!);
  const apart = (sumOf(across) - sumOf(own)) / (count * (count - 1));
  const margins = {
    in_batch: own.flatMap((similarity, i) => marginOver(similarity, nearestOther(probe, across, i))),
    // One function computes all of them: different rounding would make equal similarities differ.
    hard: probe.flatMap(({ question, answer, hardNegatives }) => {
      const similarity = (text: number): number => dot(vectorOf(question), vectorOf(text));
      return marginOver(similarity(answer), Math.max(...hardNegatives.map(similarity)));
    }),
  };
  const texts = probe.slice(0, spectrumPairs).flatMap(({ question, answer }) => [question, answer]);
  return {
    pairs: count,
    figures: {
      alignment: mean(own.map((similarity) => 2 - 2 * similarity)),
      uniformity: count < 2 ? null : (sides[0].uniformity + sides[1].uniformity) / 2,
      mean_cosine: count < 2 ? null : (sides[0].meanCosine + sides[1].meanCosine + 2 * apart) / 4,
      effective_rank: effectiveRank(gather(texts), dimension),
      in_batch_margin: mean(margins.in_batch),
      hard_margin: mean(margins.hard),
    },
    margins: { in_batch: histogram(margins.in_batch), hard: histogram(margins.hard) },
  };
}

interface Side {
  readonly uniformity: number;
  readonly meanCosine: number;
}

/** Over every two different texts, from their similarities [count, count]: of unit vectors, |x − y|² is 2 − 2 cos. */
function sideOf(similarity: Float32Array, count: number): Side {
  let kernel = 0;
  let cosine = 0;
  for (let i = 1; i < count; i++) {
    for (let j = 0; j < i; j++) {
      const value = similarity[i * count + j]!;
      cosine += value;
      kernel += Math.exp(4 * value - 4);
    }
  }
  const pairs = (count * (count - 1)) / 2;
  return { uniformity: Math.log(kernel / pairs), meanCosine: cosine / pairs };
}

/**
 * The highest similarity of a question with the answer to another question. The same text given elsewhere is not a
 * wrong answer. −Infinity if there is no wrong answer.
 */
function nearestOther(probe: readonly ProbePair[], across: Float32Array, index: number): number {
  const own = probe[index]!.answer;
  let highest = -Infinity;
  for (let other = 0; other < probe.length; other++) {
    if (probe[other]!.answer !== own) highest = Math.max(highest, across[index * probe.length + other]!);
  }
  return highest;
}

/** One margin, or none without a wrong answer. */
function marginOver(similarity: number, nearestWrong: number): number[] {
  return nearestWrong === -Infinity ? [] : [similarity - nearestWrong];
}

function histogram(margins: readonly number[]): number[] {
  if (margins.length === 0) return [];
  const counts = new Array<number>(marginBins.count).fill(0);
  for (const margin of margins) counts[marginBin(margin)]!++;
  return counts;
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function sumOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum;
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : sumOf(values) / values.length;
}
