import type { ImportRequest } from '../../../../shared/contract/datasets.ts';
import type { Encoding } from '../../../../shared/manifest.ts';

/** The form of an import: what it still misses, and the request it becomes. */

export interface ImportFields {
  readonly kind: 'csv' | 'json';
  readonly questions: File | null;
  readonly answers: File | null;
  readonly json: File | null;
  readonly encoding: Encoding | 'detect';
  readonly limit: number | null;
  readonly name: string;
}

/** In words; empty where the import can begin. */
export function importProblems(fields: ImportFields, taken: readonly string[]): string[] {
  const files = fields.kind === 'csv' ? [...missing(fields.questions, 'Questions.csv'), ...missing(fields.answers, 'Answers.csv')] : missing(fields.json, 'ranked_qa.json');
  const same = fields.kind === 'csv' && fields.questions !== null && fields.questions.name === fields.answers?.name && fields.questions.size === fields.answers.size;
  return [
    ...files,
    ...(same ? ['Questions and answers are the same file: choose one of each.'] : []),
    ...nameProblems(fields.name.trim(), taken),
    ...(fields.limit !== null && (!Number.isInteger(fields.limit) || fields.limit < 1) ? [`Questions at most: a whole number from 1 is expected; found ${fields.limit}.`] : []),
  ];
}

function missing(file: File | null, what: string): string[] {
  return file === null ? [`Choose ${what}.`] : [];
}

function nameProblems(name: string, taken: readonly string[]): string[] {
  if (name === '') return ['Give the dataset a name.'];
  return taken.includes(name) ? [`There is a dataset "${name}" already: choose another name.`] : [];
}

/** `reference` makes a chosen file known to the lab. */
export async function importRequestOf(fields: ImportFields, reference: (file: File) => Promise<string>): Promise<ImportRequest> {
  return { name: fields.name.trim(), source: await sourceOf(fields, reference), ...(fields.limit !== null && { limit: fields.limit }) };
}

async function sourceOf({ kind, questions, answers, json, encoding }: ImportFields, reference: (file: File) => Promise<string>): Promise<ImportRequest['source']> {
  if (kind === 'json') return { kind, file: await reference(json!) };
  return { kind, questions: await reference(questions!), answers: await reference(answers!), ...(encoding !== 'detect' && { encoding }) };
}

/** A name for the dataset from that of a file: "Questions.csv" says nothing, its folder is not told. */
export function nameFromFile(file: File): string {
  const stem = file.name.replace(/\.[^.]*$/, '').replace(/[^\w-]+/g, '-').toLowerCase();
  return ['questions', 'answers', 'posts', 'ranked_qa'].includes(stem) ? '' : stem;
}
