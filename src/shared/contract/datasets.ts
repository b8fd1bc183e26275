import { z } from 'zod';
import { encodings, type Encoding } from '../encodings.ts';
import type { Manifest } from '../manifest.ts';
import { fileReference, sourceRequest } from '../sourceRequest.ts';
import { delimiters, tableFormats, type ColumnMapping, type Delimiter, type TableFormat } from '../table.ts';

/** Types of datasets for screens. */

export interface DatasetSummary {
  readonly name: string;
  /** Whether this is the shipped sample, which cannot be deleted. */
  readonly shipped: boolean;
  readonly manifest: Manifest;
  /** Size of its folder. */
  readonly bytes: number;
  /** Number of experiments on it. */
  readonly experiments: number;
}

/** A dataset whose folder exists but cannot be read. */
export interface DamagedDataset {
  readonly name: string;
  readonly problem: string;
}

/** A histogram: `counts[i]` values lie in [edges[i], edges[i + 1]); the last bin includes its upper edge. */
export interface Histogram {
  readonly edges: readonly number[];
  readonly counts: readonly number[];
}

export interface DatasetDetails extends DatasetSummary {
  /** `answersPerQuestion[n]`: number of questions with exactly n answers. */
  readonly answersPerQuestion: readonly number[];
  /** Votes of answers; values beyond the 1st and 99th percentile are counted in the outer bins. */
  readonly scores: Histogram;
  /** Tokens of questions and answers, including special tokens, without truncation. */
  readonly questionTokens: Histogram;
  readonly answerTokens: Histogram;
  /** Shares of texts that are longer than the given limit. */
  readonly truncated: { readonly questions: number; readonly answers: number; readonly maxLength: number };
  /** Number of texts tokenised for the two histograms: a sample if the dataset is large. */
  readonly tokenisedTexts: number;
  /** A few questions with their answers, as in training. */
  readonly examples: readonly {
    readonly question: string;
    readonly answers: readonly { readonly text: string; readonly score: number }[];
  }[];
}

export const importRequest = z.strictObject({
  name: z.string().min(1),
  source: sourceRequest,
  limit: z.int().min(1).optional(),
  replace: z.boolean().optional(),
});
export type ImportRequest = z.output<typeof importRequest>;

/** Previews the beginning of a table before the import. Missing settings are detected. */
export const previewRequest = z.strictObject({
  file: fileReference,
  format: z.enum(tableFormats).optional(),
  encoding: z.enum(encodings).optional(),
  delimiter: z.enum(delimiters).optional(),
});
export type PreviewRequest = z.output<typeof previewRequest>;

export interface TablePreview {
  readonly format: TableFormat;
  /** Detected from the beginning of the file; the import reads all of it. */
  readonly encoding: Encoding;
  /** Only for CSV and TSV. */
  readonly delimiter: Delimiter | null;
  readonly columns: readonly string[];
  /** The first rows, one cell per column; long cells are shortened, lists and objects are shown as JSON. */
  readonly rows: readonly (readonly string[])[];
  /** Columns recognised by common names. */
  readonly mapping: Partial<ColumnMapping>;
  /** One sentence per problem; empty if the file can be imported with `mapping`. */
  readonly problems: readonly string[];
}
