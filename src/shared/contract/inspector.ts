import { z } from 'zod';
import { metricNames, type MetricName } from '../metrics.ts';

/** Looking inside: how runs rank the answers for one question or query, and on which questions two of them differ most. */

/** Which answers are searched: those of the test questions, as in the evaluation, or those of the whole dataset. */
export const inspectorCorpora = ['test', 'all'] as const;
export type InspectorCorpus = (typeof inspectorCorpora)[number];

/** What stands beside the runs: the encoder that the first of them began from, and a search without any model. */
export const inspectorBaselines = ['untrained', 'bm25'] as const;
export type InspectorBaseline = (typeof inspectorBaselines)[number];

/** The split that is inspected is that of the first run whose dataset is there. */
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

/** One side of a comparison question by question: a recipe by its runs, one for each seed; or what these runs began from; or BM25 on their test questions. */
export const inspectedSide = z.strictObject({ kind: z.enum(['recipe', ...inspectorBaselines]), runs });
export type InspectedSide = z.output<typeof inspectedSide>;
export const winsRequest = z.strictObject({
  a: inspectedSide,
  b: inspectedSide,
  metric: z.enum(metricNames as [MetricName, ...MetricName[]]),
  limit: z.int().min(1).max(500),
});

/** Test questions that hold all words of a text, or have it as their id. */
export interface QuestionPage {
  readonly dataset: string;
  /** Of the test split, those with an answer. */
  readonly testQuestions: number;
  /** How many of them fit. */
  readonly total: number;
  readonly questions: readonly { readonly id: string; readonly title: string; readonly answers: number }[];
}

export interface Inspection {
  /** Null for a free query. */
  readonly question: { readonly id: string; readonly title: string; readonly body: string } | null;
  readonly corpus: InspectorCorpus;
  /** How many answers were ranked. */
  readonly documents: number;
  /** Places of each column that are shown. */
  readonly top: number;
  /** Those among the first `top` of any column, and the question's own: its own first, then by their best rank. */
  readonly answers: readonly InspectedAnswer[];
  readonly columns: readonly InspectedColumn[];
  /** Of computing the ranking, embeddings of the answers not counted. */
  readonly milliseconds: number;
}

export interface InspectedAnswer {
  readonly id: string;
  /** Plain text of strangers. */
  readonly text: string;
  readonly votes: number;
  /** `best`: what is to be found. `own`: another answer to the same question, a hard negative. `other`: to another question, or there is none. */
  readonly role: 'best' | 'own' | 'other';
  /** Whose answer it is. */
  readonly question: { readonly id: string; readonly title: string };
}

export interface InspectedColumn {
  /** The run's id, `untrained` or `bm25`. */
  readonly key: string;
  readonly name: string;
  readonly kind: 'run' | InspectorBaseline;
  /** Null for BM25. */
  readonly seed: number | null;
  /** Why this column has no ranking; null where it has one. */
  readonly problem: { readonly message: string; readonly fix: string } | null;
  /** One for each of `Inspection.answers`. Similarity is the cosine; of BM25, its score. */
  readonly places: readonly { readonly rank: number; readonly similarity: number }[];
  /** The question's value of each full-corpus metric; null for a free query. */
  readonly values: Readonly<Record<string, number>> | null;
}

export interface WinRow {
  readonly question: string;
  /** Null where the dataset is no longer there. */
  readonly title: string | null;
  readonly a: number;
  readonly b: number;
}

/** Two sides on the test questions that both were tested on, each the mean over its runs. */
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
  /** Where a is ahead by most, and where it is behind by most. */
  readonly largestWins: readonly WinRow[];
  readonly largestLosses: readonly WinRow[];
}
