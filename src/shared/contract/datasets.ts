import { z } from 'zod';
import { encodings, type Encoding } from '../encodings.ts';
import type { Manifest } from '../manifest.ts';
import { fileReference, sourceRequest } from '../sourceRequest.ts';
import { delimiters, tableFormats, type ColumnMapping, type Delimiter, type TableFormat } from '../table.ts';

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

/** A look at the beginning of a table, before it is imported. What is left out is detected. */
export const previewRequest = z.strictObject({
  file: fileReference,
  format: z.enum(tableFormats).optional(),
  encoding: z.enum(encodings).optional(),
  delimiter: z.enum(delimiters).optional(),
});
export type PreviewRequest = z.output<typeof previewRequest>;

export interface TablePreview {
  readonly format: TableFormat;
  /** From the beginning of the file: the import looks at all of it. */
  readonly encoding: Encoding;
  /** Of CSV and TSV. */
  readonly delimiter: Delimiter | null;
  readonly columns: readonly string[];
  /** The first rows, a cell for each column; long cells are cut short, lists and objects shown as JSON. */
  readonly rows: readonly (readonly string[])[];
  /** Columns recognised by usual names. */
  readonly mapping: Partial<ColumnMapping>;
  /** In words, one sentence each; empty where the file can be imported with `mapping` as it is. */
  readonly problems: readonly string[];
}
