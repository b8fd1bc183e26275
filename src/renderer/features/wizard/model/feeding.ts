import type { Catalogue } from '../../../../shared/contract/contract.ts';
import type { DatasetDetails } from '../../../../shared/contract/datasets.ts';
import type { Manifest } from '../../../../shared/manifest.ts';
import type { LossName, StrategyChoice } from '../../../../shared/recipe.ts';
import type { RawConfiguration } from '../../../../shared/configuration.ts';
import { formatCount } from '../../../../shared/format.ts';
import { resolveRecipe, strategyOf } from './recipes.ts';

/** Which losses a dataset can feed, and why not, with its counts. */

export interface Feeding {
  /** Why nothing can be trained; null where it can. */
  readonly problem: string | null;
  /** What to know before training; null where there is nothing to say. */
  readonly note: string | null;
}

/** Answers that a question needs to be part of a batch. Triplets can take their negative from another question. */
function answersNeeded(catalogue: Catalogue, strategy: StrategyChoice): number {
  if (strategy.name === 'triplet' && strategy.parameters.neg_strategy !== 'hard_negative') return 1;
  return strategyOf(catalogue, strategy.name).minimumAnswers;
}

/**
 * Whether questions with enough answers are there. What a recipe itself gets wrong is not told here:
 * the editor does.
 */
export function feedingOf(
  catalogue: Catalogue,
  configuration: RawConfiguration,
  counts: Manifest['counts'],
  votes: Votes,
): Feeding {
  const { loss, strategy } = resolveRecipe(configuration);
  const usesVotes =
    loss.name === 'listwise' || loss.name === 'mse' || (loss.name === 'rank_infonce' && loss.parameters.use_scores);
  return feedingBy(answersNeeded(catalogue, strategy), usesVotes, counts, votes);
}

/** What a recipe of a loss begins with. Where no question has a second answer, triplets take the wrong one from elsewhere. */
export function startingRecipe(loss: LossName, counts: Manifest['counts'] | undefined): RawConfiguration {
  const single = counts !== undefined && counts.questionsWithTwoOrMore < 2;
  return loss === 'triplet' && single ? { loss_type: loss, neg_strategy: 'in_batch' } : { loss_type: loss };
}

/** The same for a loss that has no recipe yet. */
export function feedingOfLoss(catalogue: Catalogue, loss: LossName, counts: Manifest['counts'], votes: Votes): Feeding {
  return feedingOf(catalogue, startingRecipe(loss, counts), counts, votes);
}

/** What a recipe asks of each question, in words. */
export function needsInWords(catalogue: Catalogue, configuration: RawConfiguration): string {
  return `questions with ${atLeast(answersNeeded(catalogue, resolveRecipe(configuration).strategy))}`;
}

function feedingBy(needed: number, usesVotes: boolean, counts: Manifest['counts'], votes: Votes): Feeding {
  const usable = needed <= 1 ? counts.questions : counts.questionsWithTwoOrMore;
  const left = counts.questions - usable;
  // In-batch negatives and answers to compare: fewer than two questions train nothing.
  if (usable < 2) {
    return {
      problem: `Needs at least 2 questions with ${atLeast(needed)} each; ${formatCount(usable)} of ${formatCount(counts.questions)} ${usable === 1 ? 'has' : 'have'} them.`,
      note: null,
    };
  }
  const notes = [
    ...(left > 0
      ? [
          `Trains on ${formatCount(usable)} of ${formatCount(counts.questions)} questions: ${formatCount(left)} ${left === 1 ? 'has' : 'have'} only one answer, and this loss needs ${atLeast(needed)}.`,
        ]
      : []),
    ...(usesVotes && votes === 'equal'
      ? ['Nearly all answers have the same votes, so this loss can learn little from them.']
      : []),
  ];
  return { problem: null, note: notes.length > 0 ? notes.join(' ') : null };
}

function atLeast(answers: number): string {
  return answers <= 1 ? 'an answer' : `${answers} or more answers`;
}

export type Votes = 'varied' | 'equal' | 'unknown';

export function votesOf(details: DatasetDetails | null): Votes {
  if (details === null) return 'unknown';
  return details.scores.counts.filter((count) => count > 0).length > 1 ? 'varied' : 'equal';
}
