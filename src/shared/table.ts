import { z } from 'zod';

/** The user's own question–answer files: tables with one pair per row and any column names. */

export const tableFormats = ['csv', 'tsv', 'jsonl'] as const;
export type TableFormat = (typeof tableFormats)[number];

/** How the texts of a table are written. In plain text and Markdown nothing is removed; of HTML, the tags are. */
export const textForms = ['plain', 'markdown', 'html'] as const;
export type TextForm = (typeof textForms)[number];

/** Delimiters of CSV files. */
export const delimiters = [',', ';', '\t'] as const;
export type Delimiter = (typeof delimiters)[number];

/**
 * Roles of columns. `question` and `answer` are texts (in JSON lines `answer` may be a list of answers), `title` goes
 * before the question's text, `score` is a number (higher is better), `accepted` is yes or no. Rows of one question
 * have the same `question_id`, or the same question text.
 */
export const columnRoles = ['question', 'answer', 'title', 'score', 'question_id', 'answer_id', 'accepted'] as const;
export type ColumnRole = (typeof columnRoles)[number];

const column = z.string().min(1).max(200);

/** The name of the column that has each role; missing roles have no column. */
export const columnMapping = z.strictObject({
  question: column,
  answer: column,
  title: column.optional(),
  score: column.optional(),
  question_id: column.optional(),
  answer_id: column.optional(),
  accepted: column.optional(),
} satisfies Record<ColumnRole, z.ZodType>);
export type ColumnMapping = z.output<typeof columnMapping>;
