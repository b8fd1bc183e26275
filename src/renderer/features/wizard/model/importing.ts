import type { ImportRequest } from '../../../../shared/contract/datasets.ts';
import type { Encoding } from '../../../../shared/manifest.ts';
import { tableProblems, type TableFields } from './tableImport.ts';

/** The form of an import: the kinds of files there are, what it still misses, and the request it becomes. */

export type ImportKind = ImportRequest['source']['kind'];

/** A file that a kind consists of; `key` is unique over all kinds. */
export interface FileSlot {
  readonly key: string;
  readonly label: string;
  readonly accept: string;
  readonly help: string;
}

interface KindDescription {
  readonly title: string;
  readonly about: string;
  readonly files: readonly FileSlot[];
}

export const importKinds: Readonly<Record<ImportKind, KindDescription>> = {
  csv: {
    title: 'Kaggle pair',
    about: 'Questions.csv and Answers.csv of one of Kaggle’s Stack Exchange datasets.',
    files: [
      { key: 'questions', label: 'Questions.csv', accept: '.csv', help: 'With Id, Title, Body.' },
      { key: 'answers', label: 'Answers.csv', accept: '.csv', help: 'With Id, ParentId, Score, Body.' },
    ],
  },
  archive: {
    title: 'Kaggle archive',
    about: 'The .zip as Kaggle hands it out, with both tables in it.',
    files: [{ key: 'archive', label: 'Archive', accept: '.zip', help: 'Holds Questions.csv and Answers.csv.' }],
  },
  posts: {
    title: 'Stack Exchange dump',
    about: 'Posts.xml of any site, from its data dump (unpack the .7z first). It is read in one go, whatever its size.',
    files: [{ key: 'posts', label: 'Posts.xml', accept: '.xml', help: 'Accepted answers are kept.' }],
  },
  table: {
    title: 'Your own file',
    about: 'A table with a question and an answer in each row. Which column is which is asked for next.',
    files: [
      {
        key: 'table',
        label: 'Table',
        accept: '.csv,.tsv,.txt,.jsonl,.ndjson,.json',
        help: 'CSV, TSV, or JSON with one object a line.',
      },
    ],
  },
  beir: {
    title: 'BEIR collection',
    about: 'Queries, documents and which of them are relevant, as retrieval benchmarks come.',
    files: [
      { key: 'corpus', label: 'corpus.jsonl', accept: '.jsonl', help: 'Documents with _id, title, text.' },
      { key: 'queries', label: 'queries.jsonl', accept: '.jsonl', help: 'Queries with _id, text.' },
      { key: 'qrels', label: 'qrels/test.tsv', accept: '.tsv,.txt', help: 'Judgements: query-id, corpus-id, score.' },
    ],
  },
  json: {
    title: 'ranked_qa.json',
    about: 'Questions, each with its answers, best first: what LossLab itself writes.',
    files: [{ key: 'json', label: 'ranked_qa.json', accept: '.json', help: 'A list of questions with answers.' }],
  },
};

export interface ImportFields {
  readonly kind: ImportKind;
  /** By the key of their slot. */
  readonly files: Readonly<Record<string, File | null>>;
  readonly encoding: Encoding | 'detect';
  readonly limit: number | null;
  readonly name: string;
  readonly table: TableFields;
}

/** In words; empty where the import can begin. */
export function importProblems(fields: ImportFields, taken: readonly string[]): string[] {
  const slots = importKinds[fields.kind].files;
  const missing = slots.filter(({ key }) => !fields.files[key]).map(({ label }) => `Choose ${label}.`);
  return [
    ...missing,
    ...(missing.length === 0
      ? [...sameFileTwice(fields, slots), ...(fields.kind === 'table' ? tableProblems(fields.table) : [])]
      : []),
    ...nameProblems(fields.name.trim(), taken),
    ...(fields.limit !== null && (!Number.isInteger(fields.limit) || fields.limit < 1)
      ? [`Questions at most: a whole number from 1 is expected; found ${fields.limit}.`]
      : []),
  ];
}

function sameFileTwice({ files }: ImportFields, slots: readonly FileSlot[]): string[] {
  const twice = slots.find(({ key }, index) =>
    slots.slice(0, index).some((other) => isSame(files[key]!, files[other.key]!)),
  );
  return twice === undefined
    ? []
    : [`${slots.map(({ label }) => label).join(' and ')} are the same file: choose one of each.`];
}

function isSame(a: File, b: File): boolean {
  return a.name === b.name && a.size === b.size;
}

function nameProblems(name: string, taken: readonly string[]): string[] {
  if (name === '') return ['Give the dataset a name.'];
  return taken.includes(name) ? [`There is a dataset "${name}" already: choose another name.`] : [];
}

/** `reference` makes a chosen file known to the lab. */
export async function importRequestOf(
  fields: ImportFields,
  reference: (file: File) => Promise<string>,
): Promise<ImportRequest> {
  return {
    name: fields.name.trim(),
    source: await sourceOf(fields, reference),
    ...(fields.limit !== null && { limit: fields.limit }),
  };
}

async function sourceOf(
  { kind, files, encoding, table }: ImportFields,
  reference: (file: File) => Promise<string>,
): Promise<ImportRequest['source']> {
  const known = async (key: string): Promise<string> => reference(files[key]!);
  switch (kind) {
    case 'csv':
      return {
        kind,
        questions: await known('questions'),
        answers: await known('answers'),
        ...(encoding !== 'detect' && { encoding }),
      };
    case 'table':
      // As it was shown: what was seen in the preview is what is imported. Encodings are detected from the whole file.
      return {
        kind,
        file: await known('table'),
        format: table.preview!.format,
        mapping: { ...table.mapping, question: table.mapping.question!, answer: table.mapping.answer! },
        ...readAs(table),
      };
    case 'beir':
      return { kind, corpus: await known('corpus'), queries: await known('queries'), qrels: await known('qrels') };
    case 'archive':
    case 'posts':
    case 'json':
      return { kind, file: await known(kind) };
  }
}

function readAs({ encoding, preview }: TableFields): {
  encoding?: Encoding;
  delimiter?: NonNullable<NonNullable<TableFields['preview']>['delimiter']>;
} {
  return {
    ...(encoding !== 'detect' && { encoding }),
    ...(preview!.delimiter !== null && { delimiter: preview!.delimiter }),
  };
}

/** A name for the dataset from that of a file: "Questions.csv" says nothing, its folder is not told. */
export function nameFromFile(file: File): string {
  const stem = file.name
    .replace(/\.[^.]*$/, '')
    .replace(/[^\w-]+/g, '-')
    .toLowerCase();
  return ['questions', 'answers', 'posts', 'ranked_qa', 'corpus', 'archive'].includes(stem) ? '' : stem;
}
