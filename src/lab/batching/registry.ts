import type { StrategyName, StrategyParameters } from '../../shared/recipe.ts';
import type { CorpusQuestion } from '../data/corpus.ts';
import type { Random } from '../base/random.ts';
import type { Batch } from './batch.ts';
import { keepAll, type FalseNegativeRule } from './falseNegatives.ts';
import { hardNegative } from './hardNegative.ts';
import { infonce } from './infonce.ts';
import { listwise } from './listwise.ts';
import { multiplePositives } from './multiplePositives.ts';
import type { Strategy } from './strategy.ts';
import { triplet } from './triplet.ts';

/**
 * Every strategy for training. One more, `standardized_test`, selects the candidates of the standardised evaluation; it
 * is in standardizedTest.ts, because it feeds no loss.
 */
export const strategies: { readonly [N in StrategyName]: Strategy<N> } = {
  infonce,
  multiple_positives: multiplePositives,
  hard_negative: hardNegative,
  triplet,
  listwise,
};

/** A strategy's name with its own parameters: any `StrategyChoice` is one. */
interface Choice<N extends StrategyName> {
  readonly name: N;
  readonly parameters: StrategyParameters[N];
}

/**
 * The batch that the chosen strategy makes from these questions; null if none qualifies. By default only identical
 * texts say the same.
 */
export function buildBatch<N extends StrategyName>(
  choice: Choice<N>,
  questions: readonly CorpusQuestion[],
  random: Random,
  rule: FalseNegativeRule = keepAll,
): Batch | null {
  return strategies[choice.name].build(questions, choice.parameters, random, rule);
}

/** Number of answers that a question needs for the chosen strategy. */
export function minimumAnswers<N extends StrategyName>(choice: Choice<N>): 1 | 2 {
  return strategies[choice.name].minimumAnswers(choice.parameters);
}
