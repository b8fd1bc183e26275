import { z } from 'zod';

/** People's own question–answer files: a table with one pair a row, whatever its columns are called. */

export const tableFormats = ['csv', 'tsv', 'jsonl'] as const;
export type TableFormat = (typeof tableFormats)[number];

/** What separates the cells of a CSV file. */
export const delimiters = [',', ';', '\t'] as const;
export type Delimiter = (typeof delimiters)[number];

/**
 * What a column may hold. `question` and `answer` are texts (in JSON lines `answer` may hold a list of
 * answers), `title` goes before the question's text, `score` is a number (higher is better),
 * `accepted` a yes or no. Rows of one question have the same `question_id`, or the same question text.
 */
export const columnRoles = ['question', 'answer', 'title', 'score', 'question_id', 'answer_id', 'accepted'] as const;
export type ColumnRole = (typeof columnRoles)[number];

const column = z.string().min(1).max(200);

/** The name of the column that has each role; roles that are left out have none. */
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
