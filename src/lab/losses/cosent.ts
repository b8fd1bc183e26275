import {
  add,
  cast,
  divide,
  exponential,
  greater,
  logarithm,
  maximum,
  multiply,
  negate,
  stopGradient,
  subtract,
} from '../graph/operators/elementwise.ts';
import { reduceMax, squeeze, sumAll } from '../graph/operators/reduction.ts';
import { buildComparisons, feedComparisons } from './comparisons.ts';
import { excluded } from './contrastive.ts';
import { pairsOf, type Loss } from './loss.ts';
import { Negatives } from './negatives.ts';
import { scaledScores } from './scores.ts';
import type { Pair } from '../batching/pair.ts';

/**
 * CoSENT (Su 2022): ln(1 + Σ exp((s_worse − s_better)/τ)) over every two pairs of the batch with different votes, also
 * of different questions; votes are scaled to 0…1 within each question.
 */
export const cosent: Loss<'cosent'> = {
  name: 'cosent',
  title: 'CoSENT',
  description: 'Of every two question–answer pairs of the batch, the pair with the better votes must be closer.',
  fits: 'Votes that can be compared between questions. The loss learns to order pairs, not to find answers among those of other questions.',
  build: (embeddings, { temperature }) => {
    const { difference, weight, accuracy } = buildComparisons(embeddings);
    const counts = cast(greater(weight, 0), 'float32');
    const exponent = add(divide(negate(difference), temperature), multiply(subtract(1, counts), excluded));
    const highest = stopGradient(maximum(squeeze(reduceMax(exponent, [-1]), [-1]), 0));
    const sum = sumAll(exponential(subtract(exponent, highest)));
    return { loss: add(logarithm(add(sum, exponential(negate(highest)))), highest), metrics: { acc: accuracy } };
  },
  feed: (batch) => {
    const pairBatch = pairsOf(batch);
    const { pairs } = pairBatch;
    const scores = scaledScores(pairs);
    const negatives = new Negatives(pairBatch);
    const stands = (better: number, worse: number): boolean =>
      scores[better]! > scores[worse]! && admit(pairs[better]!, pairs[worse]!, negatives);
    const comparisons = pairs.flatMap((_, better) =>
      pairs.flatMap((__, worse) => (stands(better, worse) ? [{ better, worse }] : [])),
    );
    return feedComparisons(
      pairs,
      comparisons.map((comparison) => ({ ...comparison, weight: 1 / comparisons.length })),
      negatives,
    );
  },
};

/** The worse pair's answer is pushed away from its own question, for every question of the better pair. */
function admit(better: Pair, worse: Pair, negatives: Negatives): boolean {
  if (better.group === worse.group) return negatives.admit(better, worse);
  negatives.push(worse);
  return true;
}
