import { z } from 'zod';

/**
 * What an evaluation measures of the embeddings besides retrieval, to show why a loss wins or fails.
 * docs/diagnostics.md explains each figure and its source.
 */

export const diagnosticNames = [
  'alignment',
  'uniformity',
  'mean_cosine',
  'effective_rank',
  'in_batch_margin',
  'hard_margin',
] as const;
export type DiagnosticName = (typeof diagnosticNames)[number];

/**
 * The wrong answers that the right answer is compared with: those to other questions, or lower-ranked ones to the same
 * question.
 */
export const marginKinds = ['in_batch', 'hard'] as const;
export type MarginKind = (typeof marginKinds)[number];

/**
 * Bins of margins: above `from + i·width`, up to and including `from + (i + 1)·width`. A margin lies between −2 and 2;
 * a margin of 0 does not count as ahead.
 */
export const marginBins = { from: -2, width: 0.05, count: 80 } as const;

/** Null if the probe set is too small: no second pair, or no question with a second answer. */
const figure = z.number().nullable();

export const diagnostics = z.object({
  /** Number of question–answer pairs in the probe set. */
  pairs: z.int(),
  figures: z.record(z.enum(diagnosticNames), figure),
  /** Number of questions in each bin of `marginBins`; empty if there are no margins. */
  margins: z.record(z.enum(marginKinds), z.array(z.int())),
});
export type Diagnostics = z.output<typeof diagnostics>;

/** The diagnostics of an evaluation. */
export interface DiagnosedStep {
  /** 0 is the untrained encoder. */
  readonly step: number;
  readonly training_seconds: number;
  readonly diagnostics: Diagnostics;
}

export interface DiagnosticDescription {
  readonly title: string;
  /** Explanation: what it is, and which direction is better. */
  readonly meaning: string;
  /** Number of decimals. */
  readonly digits: number;
}

export const diagnosticDescriptions: Readonly<Record<DiagnosticName, DiagnosticDescription>> = {
  alignment: {
    title: 'Alignment',
    meaning:
      'Mean squared distance of a question from its best answer, 0 to 4. Lower is closer; an encoder that embeds all texts alike has 0.',
    digits: 3,
  },
  uniformity: {
    title: 'Uniformity',
    meaning: 'How evenly embeddings are spread: 0 if all are one point, down to about −4. Lower is more spread out.',
    digits: 3,
  },
  mean_cosine: {
    title: 'Cosine of unrelated texts',
    meaning:
      'Mean similarity of unrelated texts, −1 to 1. Near 1, all texts look alike: the embeddings have collapsed.',
    digits: 3,
  },
  effective_rank: {
    title: 'Effective rank',
    meaning: 'How many dimensions the embeddings use. Near 1, they have collapsed.',
    digits: 1,
  },
  in_batch_margin: {
    title: 'Margin to other answers',
    meaning:
      'How much closer a question is to its best answer than to the nearest answer of any other question. Above 0, the best answer is found first.',
    digits: 3,
  },
  hard_margin: {
    title: 'Margin to its other answers',
    meaning:
      'How much closer a question is to its best answer than to the nearest of its own lower-ranked answers. Above 0, the order is right.',
    digits: 3,
  },
};

export const marginTitles: Readonly<Record<MarginKind, string>> = {
  in_batch: 'Margin to answers of other questions',
  hard: 'Margin to its own lower-ranked answers',
};

/** The bin of a margin. */
export function marginBin(margin: number): number {
  const bin = Math.ceil((margin - marginBins.from) / marginBins.width - 1e-9) - 1;
  return Math.min(marginBins.count - 1, Math.max(0, bin));
}

/** Share of the questions whose right answer is ahead, 0 to 1: the bins above 0. Null if there are no margins. */
export function shareAhead(counts: readonly number[]): number | null {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  return counts.slice(marginBin(0) + 1).reduce((sum, count) => sum + count, 0) / total;
}
