import { z } from 'zod';

/** A map in two dimensions of test questions and their answers, under one run or two. */

export const mapRequest = z.strictObject({ runs: z.array(z.string()).min(1).max(2) });

export interface EmbeddingMap {
  readonly dataset: string;
  /** Test questions with an answer, of which the map shows a sample. */
  readonly testQuestions: number;
  readonly points: readonly MapPoint[];
  /** In the order that was asked for; the second is turned, mirrored and stretched to lie upon the first. */
  readonly layouts: readonly MapLayout[];
}

export interface MapPoint {
  readonly kind: 'question' | 'answer';
  readonly id: string;
  /** The beginning of a plain text of strangers. */
  readonly text: string;
  /** Place of the question in `points`: of an answer, the one that it answers; of a question, itself. */
  readonly question: number;
  /** Null for questions. */
  readonly votes: number | null;
  /** Whether it is the best answer of its question: the one that is to be found. */
  readonly best: boolean;
}

export interface MapLayout {
  readonly run: string;
  readonly name: string;
  readonly seed: number;
  /** x, y of every point. */
  readonly positions: Float32Array;
}
