import { z } from 'zod';
import { encodings, type Manifest } from '../manifest.ts';

/** Datasets as screens see them. */

export interface DatasetSummary {
  readonly name: string;
  /** The one that is shipped with LossLab, which cannot be deleted. */
  readonly shipped: boolean;
  readonly manifest: Manifest;
  /** Of its folder. */
  readonly bytes: number;
  /** Experiments that were made on it. */
  readonly experiments: number;
}

/** A dataset whose folder is there and cannot be read. */
export interface DamagedDataset {
  readonly name: string;
  readonly problem: string;
}

/** Counts of values between edges: `counts[i]` lie in [edges[i], edges[i + 1]); the last bin holds its upper edge, too. */
export interface Histogram {
  readonly edges: readonly number[];
  readonly counts: readonly number[];
}

export interface DatasetDetails extends DatasetSummary {
  /** `answersPerQuestion[n]`: how many questions have exactly n answers. */
  readonly answersPerQuestion: readonly number[];
  /** Votes of answers; those beyond the 1st and 99th percentile are counted in the outermost bins. */
  readonly scores: Histogram;
  /** Tokens of questions and answers, special tokens included, without truncation. */
  readonly questionTokens: Histogram;
  readonly answerTokens: Histogram;
  /** Shares of texts that are longer than the limit asked about. */
  readonly truncated: { readonly questions: number; readonly answers: number; readonly maxLength: number };
  /** Texts that were tokenised for the two histograms: a sample where the dataset is large. */
  readonly tokenisedTexts: number;
  /** A few questions with their answers, as they will be trained on. */
  readonly examples: readonly { readonly question: string; readonly answers: readonly { readonly text: string; readonly score: number }[] }[];
}

/** A file on the machine of the lab: a path, or one that a screen has handed over (`FileReference`). */
export const fileReference = z.string().min(1);

export const importRequest = z.strictObject({
  name: z.string().min(1),
  source: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('csv'), questions: fileReference, answers: fileReference, encoding: z.enum(encodings).optional() }),
    z.strictObject({ kind: z.literal('json'), file: fileReference }),
  ]),
  limit: z.int().min(1).optional(),
  replace: z.boolean().optional(),
});
export type ImportRequest = z.output<typeof importRequest>;
