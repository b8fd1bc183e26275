import { describe, expect, test } from 'vitest';
import { importRequest } from '../../../src/shared/contract/datasets.ts';
import type { CommandLineForm } from '../../../src/shared/source.ts';
import { sourceKinds, sources } from '../../../src/shared/sources.ts';

const mapping = { question: 'q', answer: 'a', score: 's' };

describe('the request of an import', () => {
  test.each([
    { kind: 'csv', questions: 'Questions.csv', answers: 'Answers.csv' },
    { kind: 'csv', questions: 'Questions.csv', answers: 'Answers.csv', encoding: 'latin-1' },
    { kind: 'json', file: 'ranked_qa.json' },
    { kind: 'posts', file: 'Posts.xml' },
    { kind: 'table', file: 'own.csv', format: 'csv', mapping },
    { kind: 'table', file: 'own.csv', format: 'tsv', mapping, encoding: 'utf-8', delimiter: ';' },
    { kind: 'beir', corpus: 'corpus.jsonl', queries: 'queries.jsonl', qrels: 'test.tsv' },
    { kind: 'archive', file: 'archive.zip' },
  ])('has its files and how they are read: $kind', (source) => {
    expect(importRequest.parse({ name: 'x', source })).toEqual({ name: 'x', source });
  });

  test.each([
    { kind: 'made', file: 'x' },
    { kind: 'csv', questions: 'Questions.csv' },
    { kind: 'posts', file: '' },
    { kind: 'posts', file: 'Posts.xml', encoding: 'utf-8' },
    { kind: 'table', file: 'own.csv', format: 'csv' },
    { kind: 'beir', file: 'folder' },
  ])('has nothing else: %o', (source) => {
    expect(importRequest.safeParse({ name: 'x', source }).success).toBe(false);
  });
});

describe('the command line', () => {
  test.each(sourceKinds)('gives every file of %s, in each of its forms', (kind) => {
    const given = sources[kind].commandLine.map(({ options }: CommandLineForm) =>
      options.flatMap(({ gives }) => (typeof gives === 'string' ? [gives] : Object.keys(gives))),
    );
    for (const files of given) expect(files.toSorted()).toEqual(Object.keys(sources[kind].files).toSorted());
  });

  test('has one source for each option', () => {
    const names = sourceKinds.flatMap((kind) =>
      sources[kind].commandLine.flatMap(({ options }: CommandLineForm) => options.map(({ name }) => name)),
    );
    expect(new Set(names).size).toBe(names.length);
  });
});
