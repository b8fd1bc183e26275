import { describe, expect, test } from 'vitest';
import { importRequest, type TablePreview } from '../../../../src/shared/contract/datasets.ts';
import { sourceKinds } from '../../../../src/shared/sources.ts';
import {
  fileSlots,
  forKind,
  importProblems,
  importRequestOf,
  nameFromFile,
  type ImportFields,
} from '../../../../src/renderer/features/wizard/model/importing.ts';
import {
  emptyTable,
  mappingFor,
  previewRequestOf,
  problemsFound,
  rolesOf,
  tableProblems,
  withRole,
  type TableFields,
} from '../../../../src/renderer/features/wizard/model/tableImport.ts';

const questions = new File(['q'], 'Questions.csv');
const answers = new File(['answers'], 'Answers.csv');
const fields: ImportFields = {
  kind: 'csv',
  files: { questions, answers },
  encoding: 'detect',
  limit: null,
  name: ' cooking ',
  table: emptyTable,
};
const preview: TablePreview = {
  format: 'csv',
  encoding: 'latin-1',
  delimiter: ';',
  columns: ['ask', 'reply', 'votes'],
  rows: [['a', 'b', '1']],
  mapping: { score: 'votes' },
  problems: ['No column was recognised as the question.'],
};
const table: TableFields = { ...emptyTable, preview, mapping: { question: 'ask', answer: 'reply', score: 'votes' } };
const reference = (file: File) => Promise.resolve(`/known/${file.name}`);

describe('an import', () => {
  test('says what it misses', () => {
    expect(importProblems(fields, ['sample'])).toEqual([]);
    expect(importProblems({ ...fields, files: {}, name: '' }, [])).toEqual([
      'Choose Questions.csv.',
      'Choose Answers.csv.',
      'Give the dataset a name.',
    ]);
    expect(importProblems({ ...fields, files: { questions, answers: questions } }, [])[0]).toBe(
      'Questions.csv and Answers.csv are the same file. Choose a different file for each.',
    );
    expect(importProblems(fields, ['cooking'])[0]).toMatch(/already/);
    expect(importProblems({ ...fields, limit: 0.5 }, [])[0]).toMatch(/whole number from 1/);
  });

  test.each(sourceKinds)('of %s asks for its files only, and becomes a request that the lab takes', async (kind) => {
    const slots = fileSlots(kind);
    expect(importProblems({ ...fields, kind, files: {}, table }, [])).toEqual(
      slots.map(({ label }) => `Choose ${label}.`),
    );
    const files = Object.fromEntries(slots.map(({ key }) => [key, new File([key], `${key}.txt`)]));
    expect(importProblems({ ...fields, kind, files, table }, [])).toEqual([]);
    const request = await importRequestOf({ ...fields, kind, files, table }, reference);
    expect(importRequest.parse(request)).toEqual(request);
    expect(Object.values(request.source)).toEqual(expect.arrayContaining(slots.map(({ key }) => `/known/${key}.txt`)));
  });

  test('carries the limit, and the encoding that was chosen', async () => {
    expect(await importRequestOf({ ...fields, limit: 10, encoding: 'latin-1' }, reference)).toEqual({
      name: 'cooking',
      limit: 10,
      source: { kind: 'csv', questions: '/known/Questions.csv', answers: '/known/Answers.csv', encoding: 'latin-1' },
    });
  });

  test('is named after its file where that says something', () => {
    expect(nameFromFile(new File([], 'Cross Validated.json'))).toBe('cross-validated');
    expect(nameFromFile(questions)).toBe('');
    expect(nameFromFile(new File([], 'archive.zip'))).toBe('');
  });

  test('of another kind begins without files, as its inputs do', () => {
    const chosen = { ...fields, ...forKind('archive') };
    expect(importProblems(chosen, [])).toEqual(['Choose Archive.']);
    expect(importProblems({ ...chosen, ...forKind('csv') }, [])).toEqual([
      'Choose Questions.csv.',
      'Choose Answers.csv.',
    ]);
  });
});

describe('a table', () => {
  test('is imported as its preview showed it; an encoding that was only detected is left to the whole file', async () => {
    const own = { ...fields, kind: 'table', files: { file: new File(['x'], 'own.csv') }, table } as const;
    expect((await importRequestOf(own, reference)).source).toEqual({
      kind: 'table',
      file: '/known/own.csv',
      format: 'csv',
      delimiter: ';',
      mapping: { question: 'ask', answer: 'reply', score: 'votes' },
    });
    const decided = { ...own, table: { ...table, encoding: 'windows-1252' } } as const;
    expect((await importRequestOf(decided, reference)).source).toMatchObject({ encoding: 'windows-1252' });
  });

  test('needs a question and an answer, in columns of their own', () => {
    expect(tableProblems(table)).toEqual([]);
    expect(tableProblems(emptyTable)).toEqual(['The table has not been read yet.']);
    expect(tableProblems({ ...table, mapping: { score: 'votes' } })).toEqual([
      'Choose the column of the question.',
      'Choose the column of the answer.',
    ]);
    expect(tableProblems({ ...table, mapping: { question: 'ask', answer: 'ask' } })).toEqual([
      'The column "ask" cannot have two roles (Question, Answer): choose one role.',
    ]);
  });

  test('is looked at as somebody has decided, and detected otherwise', () => {
    expect(previewRequestOf('/a', emptyTable)).toEqual({ file: '/a' });
    expect(previewRequestOf('/a', { ...emptyTable, format: 'tsv', encoding: 'utf-8', delimiter: '\t' })).toEqual({
      file: '/a',
      format: 'tsv',
      encoding: 'utf-8',
      delimiter: '\t',
    });
  });

  test('keeps the roles whose columns are still there when it is read in another way', () => {
    expect(mappingFor(preview, {})).toEqual({ score: 'votes' });
    expect(mappingFor(preview, { question: 'ask', title: 'gone' })).toEqual({ question: 'ask' });
    expect(mappingFor(preview, { question: 'gone' })).toEqual({ score: 'votes' });
  });

  test('shows what the lab found wrong until somebody has chosen columns', () => {
    expect(problemsFound({ ...table, mapping: preview.mapping })).toEqual(preview.problems);
    expect(problemsFound(table)).toEqual([]);
  });

  test('roles come and go', () => {
    expect(withRole(table.mapping, 'score', '')).toEqual({ question: 'ask', answer: 'reply' });
    expect(withRole({}, 'title', 'ask')).toEqual({ title: 'ask' });
    expect(rolesOf({ question: 'ask', title: 'ask' }, 'ask')).toBe('Question, Title');
    expect(rolesOf(table.mapping, 'other')).toBe('');
  });
});
