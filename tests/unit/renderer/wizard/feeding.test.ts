import { describe, expect, test } from 'vitest';
import type { DatasetDetails } from '../../../../src/shared/contract/datasets.ts';
import {
  feedingOf,
  feedingOfLoss,
  needsInWords,
  startingRecipe,
  votesOf,
} from '../../../../src/renderer/features/wizard/model/feeding.ts';
import { catalogue, counts } from './helpers.ts';

describe('what the data can feed', () => {
  test('everything, where all questions have several answers', () => {
    for (const { name } of catalogue.losses)
      expect(feedingOfLoss(catalogue, name, counts(0, 100), 'varied')).toEqual({ problem: null, note: null });
  });

  test('losses that compare answers of a question need some, and say how many there are', () => {
    const only = counts(1200, 1);
    expect(feedingOfLoss(catalogue, 'infonce', only, 'varied').problem).toBeNull();
    expect(feedingOfLoss(catalogue, 'listwise', only, 'varied').problem).toBe(
      'Needs at least 2 questions with 2 or more answers each; 1 of 1,201 has them.',
    );
    expect(feedingOf(catalogue, { loss_type: 'triplet' }, counts(1200, 0), 'varied').problem).toMatch(
      /0 of 1,200 have them/,
    );
  });

  test('a triplet that takes its negative from another question needs one answer', () => {
    const triplet = { loss_type: 'triplet', batch_transform: 'triplet', neg_strategy: 'in_batch' } as const;
    expect(feedingOf(catalogue, triplet, counts(50, 0), 'varied').problem).toBeNull();
    expect(needsInWords(catalogue, triplet)).toBe('questions with an answer');
    expect(startingRecipe('triplet', counts(50, 0))).toMatchObject({ neg_strategy: 'in_batch' });
    expect(startingRecipe('triplet', counts(50, 9))).toEqual({ loss_type: 'triplet' });
    expect(needsInWords(catalogue, { loss_type: 'triplet' })).toBe('questions with 2 or more answers');
  });

  test('questions that are left out are counted', () => {
    expect(feedingOfLoss(catalogue, 'listwise', counts(30, 70), 'varied').note).toMatch(
      /^Trains on 70 of 100 questions: 30 have only one answer/,
    );
  });

  test('votes that are all equal are told to losses that use them only', () => {
    const data = counts(0, 100);
    expect(feedingOfLoss(catalogue, 'listwise', data, 'equal').note).toMatch(/same votes/);
    expect(feedingOf(catalogue, { loss_type: 'rank_infonce', use_scores: true }, data, 'equal').note).toMatch(
      /same votes/,
    );
    expect(feedingOf(catalogue, { loss_type: 'rank_infonce' }, data, 'equal').note).toBeNull();
  });
});

test('votes vary where more than one bin holds some', () => {
  const details = (votes: number[]) => ({ scores: { edges: [], counts: votes } }) as unknown as DatasetDetails;
  expect(votesOf(null)).toBe('unknown');
  expect(votesOf(details([0, 12, 0]))).toBe('equal');
  expect(votesOf(details([1, 12, 0]))).toBe('varied');
});
