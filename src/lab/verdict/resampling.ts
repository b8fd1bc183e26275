import { firstNonFinite } from '../base/nonFinite.ts';
import { randomStream, type Random } from '../base/random.ts';

/**
 * Whether one contestant is better than another on the same questions, and by how much: paired bootstrap intervals
 * (Efron and Tibshirani 1993; for retrieval Sakai 2006) and randomisation tests (Fisher 1935; for retrieval Smucker,
 * Allan and Carterette 2007) of every pair at once.
 *
 * Each resample of questions, and each assignment of signs, is used for all pairs. A pair needs the difference of two
 * sums, so only the sums of each contestant are computed: the work grows with the number of contestants, not of pairs.
 */

/** Values of one metric by question, in the same order for every contestant; finite. */
export type Scores = readonly Float64Array[];

export interface PairOfScores {
  /** Positions in the scores; `a` < `b`. */
  readonly a: number;
  readonly b: number;
  /** Mean of a − b over the questions. */
  readonly difference: number;
  /** Ends of the interval of that mean: percentiles of its bootstrap distribution. */
  readonly low: number;
  readonly high: number;
  /** Two-sided: the share of random sign assignments with a difference at least as large, (count + 1) / (draws + 1). */
  readonly p: number;
  /** Number of questions on which a is higher, both are equal, b is higher. */
  readonly wins: number;
  readonly ties: number;
  readonly losses: number;
}

export interface ResamplingSettings {
  readonly seed: number;
  /** Number of draws: of questions for intervals, of signs for tests. */
  readonly resamples: number;
  /** Share of the bootstrap distribution between `low` and `high`. */
  readonly confidence: number;
}

export const resamplingDefaults: ResamplingSettings = { seed: 42, resamples: 10_000, confidence: 0.95 };

/** Every pair of contestants, in order: 0 with 1, 0 with 2, …, 1 with 2, … */
export function comparePairs(scores: Scores, settings: ResamplingSettings = resamplingDefaults): PairOfScores[] {
  const questions = requireAligned(scores);
  const sums = scores.map((values) => values.reduce((sum, value) => sum + value, 0));
  const bootstrap = bootstrapSums(scores, settings);
  const signed = signedSums(scores, settings);
  return pairsOf(scores.length).map(([a, b]) => ({
    a,
    b,
    difference: (sums[a]! - sums[b]!) / questions,
    ...interval(differences(bootstrap[a]!, bootstrap[b]!), settings.confidence, questions),
    p: probability(differences(signed[a]!, signed[b]!), sums[a]! - sums[b]!),
    ...outcomes(scores[a]!, scores[b]!),
  }));
}

function pairsOf(count: number): [number, number][] {
  return Array.from({ length: count }, (_, a) =>
    Array.from({ length: count - a - 1 }, (_, i): [number, number] => [a, a + 1 + i]),
  ).flat();
}

function requireAligned(scores: Scores): number {
  const questions = scores[0]?.length ?? 0;
  if (questions === 0) throw new RangeError('No values to compare.');
  for (const values of scores) {
    if (values.length !== questions)
      throw new RangeError(
        `Contestants have ${questions} and ${values.length} values: all must have values for the same questions.`,
      );
    const broken = firstNonFinite(values);
    if (broken !== undefined) throw new RangeError(`A value is ${broken}: only finite values can be compared.`);
  }
  return questions;
}

/** Sums over questions drawn with replacement, as many as there are: by contestant, one for each resample. */
function bootstrapSums(scores: Scores, { seed, resamples }: ResamplingSettings): Float64Array[] {
  const questions = scores[0]!.length;
  const random = randomStream(seed, 'resampling', 'bootstrap');
  const sums = scores.map(() => new Float64Array(resamples));
  const fours = inFours(scores);
  const counts = new Float64Array(questions);
  for (let resample = 0; resample < resamples; resample++) {
    counts.fill(0);
    for (let draw = 0; draw < questions; draw++) counts[random.integer(questions)]!++;
    fours.forEach((four, index) => {
      weightedSums(counts, four).forEach((sum, offset) => {
        const contestant = sums[4 * index + offset];
        if (contestant) contestant[resample] = sum;
      });
    });
  }
  return sums;
}

type Four = readonly [Float64Array, Float64Array, Float64Array, Float64Array];

/** The last block is padded with zeros. */
function inFours(scores: Scores): Four[] {
  const none = new Float64Array(scores[0]!.length);
  return Array.from(
    { length: Math.ceil(scores.length / 4) },
    (_, index) => [0, 1, 2, 3].map((offset) => scores[4 * index + offset] ?? none) as unknown as Four,
  );
}

/** One pass over the weights takes half the time of one pass per contestant. */
function weightedSums(weights: Float64Array, [first, second, third, fourth]: Four): [number, number, number, number] {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  for (let question = 0; question < weights.length; question++) {
    const weight = weights[question]!;
    a += weight * first[question]!;
    b += weight * second[question]!;
    c += weight * third[question]!;
    d += weight * fourth[question]!;
  }
  return [a, b, c, d];
}

/**
 * Sums over all questions with random signs: by contestant, one for each draw. For eight questions at a time, all 256
 * sums are computed once; a draw then selects one with a random byte.
 */
function signedSums(scores: Scores, { seed, resamples }: ResamplingSettings): Float64Array[] {
  const questions = scores[0]!.length;
  const contestants = scores.length;
  const random = randomStream(seed, 'resampling', 'randomisation');
  const totals = new Float64Array(resamples * contestants);
  const table = new Float64Array(256 * contestants);
  for (let first = 0; first < questions; first += 8) {
    fillSignTable(table, scores, first);
    forEachByte(random, resamples, (draw, byte) => {
      const to = draw * contestants;
      const from = byte * contestants;
      for (let i = 0; i < contestants; i++) totals[to + i]! += table[from + i]!;
    });
  }
  return scores.map((_, i) => Float64Array.from({ length: resamples }, (_, draw) => totals[draw * contestants + i]!));
}

/** Row `byte`, column contestant: the sum of eight questions from `first` on, negated where the bit is set. */
function fillSignTable(table: Float64Array, scores: Scores, first: number): void {
  scores.forEach((values, contestant) => {
    for (let byte = 0; byte < 256; byte++) {
      let sum = 0;
      for (let bit = 0; bit < 8 && first + bit < values.length; bit++)
        sum += byte & (1 << bit) ? -values[first + bit]! : values[first + bit]!;
      table[byte * scores.length + contestant] = sum;
    }
  });
}

/** Each random number gives four bytes. */
function forEachByte(random: Random, count: number, use: (index: number, byte: number) => void): void {
  for (let index = 0; index < count; index += 4) {
    let bits = random.integer(2 ** 32);
    for (let next = index; next < Math.min(index + 4, count); next++) {
      use(next, bits & 0xff);
      bits >>>= 8;
    }
  }
}

function differences(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, i) => value - b[i]!);
}

function interval(sums: Float64Array, confidence: number, questions: number): { low: number; high: number } {
  const sorted = sums.toSorted();
  const tail = (1 - confidence) / 2;
  return { low: quantile(sorted, tail) / questions, high: quantile(sorted, 1 - tail) / questions };
}

/** Interpolates between the two nearest values of `sorted`, like numpy's default. */
function quantile(sorted: Float64Array, share: number): number {
  const position = share * (sorted.length - 1);
  const below = Math.floor(position);
  const low = sorted[below]!;
  return low + (position - below) * ((sorted[below + 1] ?? low) - low);
}

/** Sums that differ only by rounding count as equal. */
function probability(drawn: Float64Array, observed: number): number {
  const least = Math.abs(observed) - 1e-9 * Math.max(1, Math.abs(observed));
  let count = 0;
  for (const sum of drawn) if (Math.abs(sum) >= least) count++;
  return (count + 1) / (drawn.length + 1);
}

function outcomes(a: Float64Array, b: Float64Array): { wins: number; ties: number; losses: number } {
  let wins = 0;
  let losses = 0;
  a.forEach((value, question) => {
    if (value > b[question]!) wins++;
    else if (value < b[question]!) losses++;
  });
  return { wins, ties: a.length - wins - losses, losses };
}
