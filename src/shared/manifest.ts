import { z } from 'zod';
import { encodings } from './encodings.ts';
import { datasetKinds } from './sources.ts';
import { columnMapping, delimiters, textForms } from './table.ts';

const count = z.int().nonnegative();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** Version of the folder's layout; readers refuse others. */
export const datasetFormat = 1;

const sourceFileSchema = z.strictObject({
  name: z.string(),
  /** Bytes. */
  size: count,
  sha256,
  encoding: z.enum(encodings),
  /** Of a detected encoding that nothing proves. */
  detection: z.strictObject({ confidence: z.number(), line: z.string() }).optional(),
});

export const sourceSchema = z.strictObject({
  /** `made`: written by LossLab itself, without source files. */
  kind: z.enum([...datasetKinds, 'made']),
  files: z.array(sourceFileSchema),
  /** How a table was read. */
  columns: columnMapping.optional(),
  delimiter: z.enum(delimiters).optional(),
  /** Quotes inside quoted cells were written after a backslash. */
  escape: z.literal('backslash').optional(),
  /** How the texts of each column were read, with an example of HTML before and after. */
  texts: z
    .record(
      z.string(),
      z.strictObject({ form: z.enum(textForms), before: z.string().optional(), after: z.string().optional() }),
    )
    .optional(),
  /** Scores were read with a decimal comma. */
  decimalComma: z.literal(true).optional(),
  /** Scores were read as labels: only what is above 0 is relevant. */
  labels: z.literal(true).optional(),
  /** Of a table: answers without a score, which count as 1. */
  answersWithoutScore: count.optional(),
});

/** Where the files were downloaded from. */
export const originSchema = z.strictObject({
  /** For example `kaggle:owner/name@version`, or the name of an archive. */
  reference: z.string(),
  /** Of the download, before it was unpacked. */
  sha256: sha256.optional(),
});
export type Origin = z.infer<typeof originSchema>;

/** What the folder of a dataset says about its questions: where they come from, and what they are. */
export const manifestSchema = z.strictObject({
  format: z.literal(datasetFormat),
  name: z.string(),
  created: z.iso.datetime(),
  source: sourceSchema,
  /** The most questions that were imported, the first usable ones; null if there was no limit. */
  limit: z.int().positive().nullable(),
  counts: z.strictObject({
    questions: count,
    answers: count,
    questionsWithOneAnswer: count,
    questionsWithTwoOrMore: count,
  }),
  /** Rows of the source that could not be used. */
  skipped: z.strictObject({
    total: count,
    byReason: z.record(z.string(), count),
    examples: z.array(z.strictObject({ file: z.string(), where: z.string(), reason: z.string(), found: z.string() })),
    /** Characters that were removed because no text can have them, such as NUL. */
    characters: count.optional(),
  }),
  /** Rows that are valid, but not part of the dataset. */
  excluded: z.strictObject({
    questionsWithoutAnswers: count,
    orphanAnswers: count.nullable(),
    /** Posts that are neither questions nor answers, such as tag wikis. */
    otherPosts: count.optional(),
    /** Answers whose label is not above 0, and questions that have only such answers. */
    answersNotRelevant: count.optional(),
    questionsWithoutPositive: count.optional(),
    /** Documents of a collection that are relevant to none of its queries. */
    unusedDocuments: count.optional(),
  }),
  text: z.strictObject({ meanQuestionWords: z.number(), meanAnswerWords: z.number() }),
  /** Authors and licence of the texts, if the source names them. */
  attribution: z.string().optional(),
  licence: z.string().optional(),
  origin: originSchema.optional(),
  /** SHA-256 of questions.jsonl. */
  content: z.strictObject({ size: count, sha256 }),
});

export type Manifest = z.infer<typeof manifestSchema>;
export type Source = z.infer<typeof sourceSchema>;
/** The facts about a dataset that are known without reading its questions. */
export type Provenance = Pick<
  Manifest,
  'name' | 'created' | 'source' | 'limit' | 'skipped' | 'excluded' | 'attribution' | 'licence' | 'origin'
>;
