import type { Contestant, PairVerdict, Verdict, VerdictPoint } from '../../shared/verdict.ts';
import type { MetricName } from '../../shared/metrics.ts';
import { LabError } from '../../shared/errors.ts';
import { holmAdjusted } from './holm.ts';
import { resamplingDefaults, type ResamplingSettings } from './resampling.ts';
import { runTask } from '../work/taskWorker.ts';
import { threads } from '../work/threads.ts';
import { resamplingTask } from './resamplingTask.ts';
import { verdictSentences } from './sentences.ts';
import { mean } from '../../shared/spread.ts';

/** The values of one run on its test questions. */
export interface Observation {
  readonly seed: number;
  readonly questions: readonly string[];
  /** NaN if the metric does not apply to a question. */
  readonly values: Float32Array;
}

/** A contestant before it is judged. */
export interface ObservedContestant extends Pick<Contestant, 'kind' | 'name' | 'runs'> {
  /** One for each seed. */
  readonly observations: readonly Observation[];
}

/** Probability of a false alarm among all pairs of a verdict. */
const level = 0.05;

/**
 * Judges contestants on the questions that all of them were tested on. Values of a question are first averaged over seeds,
 * so that questions are the random sample: the interval is about other questions of the same kind. Seeds that some
 * contestants lack are excluded; if the contestants have no common seed, each keeps its own.
 *
 * @throws LabError if there are fewer than two contestants or no common question
 */
export async function judge(
  contestants: readonly ObservedContestant[],
  metric: MetricName,
  point: VerdictPoint,
  remarks: Pick<Verdict, 'warnings' | 'notes'>,
  settings: ResamplingSettings = resamplingDefaults,
): Promise<Verdict> {
  if (contestants.length < 2)
    throw new LabError(
      'usage',
      `A verdict compares at least two contestants; found ${contestants.length === 1 ? `one, ${contestants[0]!.name}` : 'none'}.`,
      'Train another recipe, or set eval_at_zero to compare with the untrained encoder.',
    );
  const seeds = commonSeeds(contestants);
  const table = alignQuestions(contestants, seeds);
  const judged = contestants.map((contestant, i) => ({
    ...describe(contestant, table.scores[i]!, table.bySeed[i]!),
    scores: table.scores[i]!,
    bySeedScores: table.bySeed[i]!,
  }));
  judged.sort((a, b) => b.mean - a.mean);
  const pairs = await judgePairs(
    judged.map(({ scores }) => scores),
    judged.map(({ bySeedScores }) => bySeedScores),
    settings,
  );
  const result = {
    metric,
    point,
    questions: table.scores[0]!.length,
    seeds,
    contestants: judged.map(({ scores: _scores, bySeedScores: _bySeed, ...contestant }) => contestant),
    pairs,
  };
  return { ...result, sentences: verdictSentences(result), ...remarks };
}

function commonSeeds(contestants: readonly ObservedContestant[]): number[] {
  const [first, ...others] = contestants.map(({ observations }) => new Set(observations.map(({ seed }) => seed)));
  return [...first!].filter((seed) => others.every((seeds) => seeds.has(seed))).sort((a, b) => a - b);
}

/** Means of one contestant by seed. */
type SeedMeans = ReadonlyMap<number, number>;

interface QuestionTable {
  /** By contestant, one value for each common question. */
  readonly scores: Float64Array[];
  readonly bySeed: SeedMeans[];
}

function alignQuestions(contestants: readonly ObservedContestant[], seeds: readonly number[]): QuestionTable {
  if (seeds.length === 0) return withOwnSeeds(contestants);
  const sums = contestants.map(() => new Map<string, { sum: number; count: number }>());
  const bySeed = contestants.map(() => new Map<number, number>());
  for (const seed of seeds) {
    const found = contestants.map(({ observations }) =>
      definedValues(observations.find((observation) => observation.seed === seed)!),
    );
    const questions = inCommon(found);
    found.forEach((values, i) => {
      let total = 0;
      for (const question of questions) {
        const value = values.get(question)!;
        const known = sums[i]!.get(question) ?? { sum: 0, count: 0 };
        sums[i]!.set(question, { sum: known.sum + value, count: known.count + 1 });
        total += value;
      }
      if (questions.length > 0) bySeed[i]!.set(seed, total / questions.length);
    });
  }
  requireQuestions(contestants, sums[0]!.size);
  return {
    scores: sums.map((ofQuestions) => Float64Array.from(ofQuestions.values(), ({ sum, count }) => sum / count)),
    bySeed,
  };
}

function withOwnSeeds(contestants: readonly ObservedContestant[]): QuestionTable {
  const means = contestants.map(({ observations }) => {
    const sums = new Map<string, number[]>();
    for (const observation of observations)
      for (const [question, value] of definedValues(observation))
        sums.set(question, [...(sums.get(question) ?? []), value]);
    return new Map([...sums].map(([question, values]) => [question, mean(values)]));
  });
  const questions = inCommon(means);
  requireQuestions(contestants, questions.length);
  return {
    scores: means.map((values) => Float64Array.from(questions, (question) => values.get(question)!)),
    bySeed: contestants.map(
      ({ observations }) =>
        new Map(observations.map((observation) => [observation.seed, mean([...definedValues(observation).values()])])),
    ),
  };
}

function definedValues({ questions, values }: Observation): Map<string, number> {
  return new Map(
    questions.flatMap((question, i): [string, number][] => (Number.isNaN(values[i]!) ? [] : [[question, values[i]!]])),
  );
}

function inCommon([first, ...others]: readonly ReadonlyMap<string, number>[]): string[] {
  return [...first!.keys()].filter((question) => others.every((values) => values.has(question)));
}

function requireQuestions(contestants: readonly ObservedContestant[], count: number): void {
  if (count > 0) return;
  throw new LabError(
    'data',
    `${contestants.map(({ name }) => name).join(', ')} have no common test question.`,
    'Compare runs of one dataset with the same split: equal seed, or equal split_seed, and equal test_size.',
  );
}

function describe({ kind, name, runs }: ObservedContestant, scores: Float64Array, bySeed: SeedMeans): Contestant {
  const values = [...bySeed].map(([seed, value]) => ({ seed, value })).sort((a, b) => a.seed - b.seed);
  return {
    kind,
    name,
    runs,
    mean: mean(scores),
    bySeed: values,
    // BM25 uses no random numbers: its seeds count as one.
    deviation: kind === 'bm25' ? null : deviation(values.map(({ value }) => value)),
  };
}

async function judgePairs(
  scores: readonly Float64Array[],
  bySeed: readonly SeedMeans[],
  settings: ResamplingSettings,
): Promise<PairVerdict[]> {
  const pairs = await runTask(threads, resamplingTask, { scores, settings });
  const adjusted = holmAdjusted(pairs.map(({ p }) => p));
  return pairs.map((pair, i) => ({
    ...pair,
    adjustedP: adjusted[i]!,
    detectable: adjusted[i]! < level,
    bySeed: [...bySeed[pair.a]!].flatMap(([seed, value]) => {
      const other = bySeed[pair.b]!.get(seed);
      return other === undefined ? [] : [{ seed, difference: value - other }];
    }),
  }));
}

function deviation(values: readonly number[]): number | null {
  if (values.length < 2) return null;
  const centre = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1));
}
