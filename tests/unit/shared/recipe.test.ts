import { describe, expect, test } from 'vitest';
import { LabError } from '../../../src/shared/errors.ts';
import {
  checkCompatible,
  defaultLossOfStrategy,
  lossNames,
  lossesOfStrategy,
  lossParameters,
  parseLossName,
  strategiesOfLoss,
  strategyNames,
} from '../../../src/shared/recipe.ts';

describe('which strategy feeds which loss', () => {
  test.each(lossNames)('%s: every strategy it does not name is refused, with both ways out', (loss) => {
    for (const strategy of strategyNames) {
      if (strategiesOfLoss[loss].includes(strategy)) {
        expect(() => checkCompatible(loss, strategy)).not.toThrow();
        continue;
      }
      const error = thrownBy(() => checkCompatible(loss, strategy));
      expect(error.code).toBe('configuration');
      expect(error.message).toContain(`"${loss}"`);
      expect(error.message).toContain(`"${strategy}"`);
      for (const name of [...strategiesOfLoss[loss], ...lossesOfStrategy(strategy)])
        expect(error.fix).toContain(`"${name}"`);
    }
  });

  test('the loss chosen for a strategy can be trained on it', () => {
    expect(defaultLossOfStrategy).toEqual({
      infonce: 'infonce',
      multiple_positives: 'rank_infonce',
      hard_negative: 'relaxed_hard_neg',
      triplet: 'triplet',
      listwise: 'listwise',
    });
    for (const strategy of strategyNames)
      expect(() => checkCompatible(defaultLossOfStrategy[strategy], strategy)).not.toThrow();
  });
});

describe('loss names', () => {
  test.each(lossNames)('%s stands for itself', (name) => {
    expect(parseLossName(name)).toEqual({ name, parameters: {} });
  });

  test.each([
    [
      'rank_infonce_rank0.1_score0.05_t0.2',
      {
        name: 'rank_infonce',
        parameters: { use_ranks: true, rank_weight: 0.1, use_scores: true, score_weight: 0.05, temperature: 0.2 },
      },
    ],
    // A weight that the name leaves out is not used.
    [
      'rank_infonce_rank0.3',
      { name: 'rank_infonce', parameters: { use_ranks: true, rank_weight: 0.3, use_scores: false } },
    ],
    [
      'rank_infonce_score1',
      { name: 'rank_infonce', parameters: { use_ranks: false, use_scores: true, score_weight: 1 } },
    ],
    [
      'relaxed_hard_neg_p0.2_t0.1',
      { name: 'relaxed_hard_neg', parameters: { hard_neg_target_prob: 0.2, temperature: 0.1 } },
    ],
    ['relaxed_hard_neg_t1e-2', { name: 'relaxed_hard_neg', parameters: { temperature: 0.01 } }],
  ])('%s', (text, parsed) => {
    expect(parseLossName(text)).toEqual(parsed);
  });

  test.each([
    ['cosine', 'loss_type "cosine" is not a loss.', 'Losses: infonce, '],
    ['toString', 'loss_type "toString" is not a loss.', 'Losses: '],
    ['rank_infonce_foo0.1', '"foo0.1" is not a parameter of rank_infonce', 'rank<number>, score<number>, t<number>'],
    ['rank_infonce_rank', '"rank" is not a parameter', 'rank<number>'],
    ['relaxed_hard_neg_', '"" is not a parameter', 'p<number>'],
    ['triplet_margin0.1', 'loss_type "triplet_margin0.1" is not a loss.', 'or with parameters'],
  ])('%s is refused', (text, message, fix) => {
    const error = thrownBy(() => parseLossName(text));
    expect(error.message).toContain(message);
    expect(error.fix).toContain(fix);
  });
});

test('defaults of the losses', () => {
  const defaults = Object.fromEntries(lossNames.map((name) => [name, lossParameters[name].parse({})]));
  expect(defaults).toEqual({
    infonce: { temperature: 0.1 },
    standard_infonce: { temperature: 0.1 },
    rank_infonce: { temperature: 0.1, use_ranks: true, use_scores: false, rank_weight: 0.1, score_weight: 0.05 },
    multiple_positives: { temperature: 0.1, rank_weight: 0.1 },
    hard_negative: { temperature: 0.1, hard_negative_weight: 1 },
    relaxed_hard_neg: { temperature: 0.1, hard_neg_target_prob: 0.1 },
    triplet: { margin: 0.2 },
    listwise: { temperature: 1 },
    mse: { normalize: true },
    pairwise_logistic: { temperature: 0.1 },
    lambda_loss: { temperature: 0.1 },
    list_mle: { temperature: 0.1 },
    margin_mse: {},
    cosent: { temperature: 0.05 },
    infonce_hard_negatives: { temperature: 0.1, hard_negative_weight: 1, use_scores: false },
    best_answer: { temperature: 0.1 },
    per_answer_infonce: { temperature: 0.1 },
    hardness_infonce: { temperature: 0.1, hardness: 5 },
    decoupled_infonce: { temperature: 0.1 },
    batch_triplet: { mining: 'semi_hard', margin: 0.2, soft_margin: false },
  });
});

function thrownBy(action: () => unknown): LabError {
  try {
    action();
  } catch (error) {
    if (error instanceof LabError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
