import { z } from 'zod';

/** Types of the map: test questions and their answers in two dimensions, under one or two runs. */

export const mapRequest = z.strictObject({ runs: z.array(z.string()).min(1).max(2) });

export interface EmbeddingMap {
  readonly dataset: string;
  /** Number of test questions with an answer; the map shows a sample. */
  readonly testQuestions: number;
  readonly points: readonly MapPoint[];
  /** In the requested order; the second is rotated, mirrored and scaled to match the first. */
  readonly layouts: readonly MapLayout[];
}

export interface MapPoint {
  readonly kind: 'question' | 'answer';
  readonly id: string;
  /** The beginning of an untrusted plain text. */
  readonly text: string;
  /** Index of the question in `points`: for an answer its question, for a question itself. */
  readonly question: number;
  /** Null for questions. */
  readonly votes: number | null;
  /** Whether it is the best answer to its question. */
  readonly best: boolean;
}

export interface MapLayout {
  readonly run: string;
  readonly name: string;
  readonly seed: number;
  /** x, y of every point. */
  readonly positions: Float32Array;
}
