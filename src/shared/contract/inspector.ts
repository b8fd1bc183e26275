import { z } from 'zod';
import { metricNames, type MetricName } from '../metrics.ts';

/**
 * Types of the inspector: how runs rank the answers for a question or query, and on which questions two runs differ
 * most.
 */

/** Which answers are searched: those to the test questions, as in the evaluation, or all of the dataset. */
export const inspectorCorpora = ['test', 'all'] as const;
export type InspectorCorpus = (typeof inspectorCorpora)[number];

/** Columns beside the runs: the untrained encoder of the first run, and a search without a model. */
export const inspectorBaselines = ['untrained', 'bm25'] as const;
export type InspectorBaseline = (typeof inspectorBaselines)[number];

/** The inspector uses the split of the first run whose dataset is stored. */
const runs = z.array(z.string()).min(1).max(50);
const columns = {
  runs,
  baselines: z.array(z.enum(inspectorBaselines)).max(2),
  corpus: z.enum(inspectorCorpora),
  top: z.int().min(1).max(100),
};

export const questionsRequest = z.strictObject({
  runs,
  text: z.string().max(2000),
  offset: z.int().min(0),
  limit: z.int().min(1).max(200),
});
export const questionInspectionRequest = z.strictObject({ ...columns, question: z.string() });
export const queryInspectionRequest = z.strictObject({ ...columns, text: z.string().trim().min(1).max(20_000) });

/**
 * One side of a comparison by question: the runs of a recipe, one per seed; or their untrained encoder; or BM25 on
 * their test questions.
 */
export const inspectedSide = z.strictObject({ kind: z.enum(['recipe', ...inspectorBaselines]), runs });
export type InspectedSide = z.output<typeof inspectedSide>;
export const winsRequest = z.strictObject({
  a: inspectedSide,
  b: inspectedSide,
  metric: z.enum(metricNames as [MetricName, ...MetricName[]]),
  limit: z.int().min(1).max(500),
});

/** Finds test questions that contain all words of a text, or have it as their id. */
export interface QuestionPage {
  readonly dataset: string;
  /** Number of test questions with an answer. */
  readonly testQuestions: number;
  /** Number of matching questions. */
  readonly total: number;
  readonly questions: readonly { readonly id: string; readonly title: string; readonly answers: number }[];
}

export interface Inspection {
  /** Null for a free query. */
  readonly question: { readonly id: string; readonly title: string; readonly body: string } | null;
  readonly corpus: InspectorCorpus;
  /** Number of ranked answers. */
  readonly documents: number;
  /** Number of ranks shown per column. */
  readonly top: number;
  /** The answers to the question, then the first `top` answers of any column, ordered by their best rank. */
  readonly answers: readonly InspectedAnswer[];
  readonly columns: readonly InspectedColumn[];
  /** Time to compute the ranking, without the embeddings of the answers. */
  readonly milliseconds: number;
}

export interface InspectedAnswer {
  readonly id: string;
  /** Untrusted plain text. */
  readonly text: string;
  readonly votes: number;
  /**
   * `best`: the best answer. `own`: another answer to the same question, a hard negative. `other`: an answer to another
   * question, or the query is not a question.
   */
  readonly role: 'best' | 'own' | 'other';
  /** The question that it answers. */
  readonly question: { readonly id: string; readonly title: string };
}

export interface InspectedColumn {
  /** The run's id, `untrained` or `bm25`. */
  readonly key: string;
  readonly name: string;
  readonly kind: 'run' | InspectorBaseline;
  /** Null for BM25. */
  readonly seed: number | null;
  /** Why this column has no ranking; null if it has one. */
  readonly problem: { readonly message: string; readonly fix: string } | null;
  /** One for each of `Inspection.answers`. Similarity is the cosine, or the score of BM25. */
  readonly places: readonly { readonly rank: number; readonly similarity: number }[];
  /** Each full-corpus metric of the question; null for a free query. */
  readonly values: Readonly<Record<string, number>> | null;
}

export interface WinRow {
  readonly question: string;
  /** Null if the dataset is missing. */
  readonly title: string | null;
  readonly a: number;
  readonly b: number;
}

/** Two sides on their common test questions, each as the mean over its runs. */
export interface WinList {
  readonly metric: MetricName;
  readonly meanA: number;
  readonly meanB: number;
  readonly questions: number;
  readonly wins: number;
  readonly ties: number;
  readonly losses: number;
  /** a − b of every question, highest first. */
  readonly differences: Float32Array;
  /** The questions on which a is ahead by most, and behind by most. */
  readonly largestWins: readonly WinRow[];
  readonly largestLosses: readonly WinRow[];
}
