import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { beirPaths, readBeir, type BeirText } from '../../../../src/lab/data/beir.ts';
import { readDataset } from '../../../../src/lab/data/datasetFolder.ts';
import { importDataset } from '../../../../src/lab/data/importDataset.ts';
import { dataFolder, labError, realData } from '../../../helpers/dataFiles.ts';

const lines = (...rows: unknown[]): string =>
  rows.map((row) => `${typeof row === 'string' ? row : JSON.stringify(row)}\n`).join('');
const header = 'query-id\tcorpus-id\tscore\n';

/** A collection of three documents and two queries, with parts of it replaced. */
function collection(parts: { corpus?: string; queries?: string; qrels?: string } = {}): string {
  const folder = dataFolder();
  mkdirSync(join(folder, 'qrels'));
  writeFileSync(
    join(folder, 'corpus.jsonl'),
    parts.corpus ??
      lines(
        { _id: 'd1', title: 'One', text: 'first  text' },
        { _id: 'd2', title: '', text: 'second' },
        { _id: 'd3', text: 'third' },
      ),
  );
  writeFileSync(
    join(folder, 'queries.jsonl'),
    parts.queries ?? lines({ _id: 'q1', text: 'what?' }, { _id: 'q2', text: 'which?' }),
  );
  writeFileSync(
    join(folder, 'qrels', 'test.tsv'),
    parts.qrels ?? `${header}q1\td1\t1\nq1\td2\t3\nq2\td2\t1\nq2\td3\t0\n`,
  );
  return folder;
}

async function importFolder(folder: string, home = join(dataFolder(), 'home')) {
  const { folder: dataset, manifest } = await importDataset({
    home,
    name: 'test',
    source: { kind: 'beir', ...beirPaths(folder, 'test') },
  });
  return { manifest, questions: (await readDataset(dataset)).questions };
}

/** Reads all of it; what was skipped as "where: reason". */
async function read(folder: string) {
  const found = await readBeir(folder, 'test');
  const documents: BeirText[] = [];
  for await (const document of found.documents()) documents.push(document);
  return { ...found, documents, faults: found.skipped.examples.map(({ where, reason }) => `${where}: ${reason}`) };
}

test('documents are title and text, judgements stand under their query', async () => {
  const { documents, queries, judgements, faults } = await read(collection());
  expect(documents).toEqual([
    { id: 'd1', text: 'One first text' },
    { id: 'd2', text: 'second' },
    { id: 'd3', text: 'third' },
  ]);
  expect(queries).toEqual([
    { id: 'q1', text: 'what?' },
    { id: 'q2', text: 'which?' },
  ]);
  expect(judgements).toEqual(
    new Map([
      [
        'q1',
        new Map([
          ['d1', 1],
          ['d2', 3],
        ]),
      ],
      [
        'q2',
        new Map([
          ['d2', 1],
          ['d3', 0],
        ]),
      ],
    ]),
  );
  expect(faults).toEqual([]);
});

test('imported: relevant documents are answers, best grade first; a document may answer several queries', async () => {
  const { questions, manifest } = await importFolder(collection());
  expect(questions).toEqual([
    {
      id: 'q1',
      title: '',
      body: 'what?',
      score: 0,
      answers: [
        { id: 'd2', body: 'second', score: 3, accepted: true },
        { id: 'd1', body: 'One first text', score: 1, accepted: false },
      ],
    },
    {
      id: 'q2',
      title: '',
      body: 'which?',
      score: 0,
      answers: [{ id: 'd2', body: 'second', score: 1, accepted: true }],
    },
  ]);
  expect(manifest.source).toMatchObject({
    kind: 'beir',
    files: [{ name: 'corpus.jsonl' }, { name: 'queries.jsonl' }, { name: 'test.tsv' }],
  });
  expect(manifest.excluded).toEqual({ questionsWithoutAnswers: 0, orphanAnswers: 0, unusedDocuments: 1 });
});

test('a query none of whose documents is relevant has no answers', async () => {
  const { manifest } = await importFolder(collection({ qrels: `${header}q1\td1\t1\nq2\td2\t0\n` }));
  expect(manifest.excluded).toEqual({ questionsWithoutAnswers: 1, orphanAnswers: 0, unusedDocuments: 2 });
});

describe('what is not used is counted', () => {
  const document = (id: string) => ({ _id: id, text: `text of ${id}` });
  test.each([
    [
      'a judgement of an unknown query',
      { qrels: `${header}q1\td1\t1\nq9\td1\t1\n` },
      'query q9, document d1: query is not in the collection',
    ],
    [
      'a judgement of an unknown document',
      { qrels: `${header}q1\td1\t1\nq2\td9\t1\n` },
      'query q2, document d9: document is not in the collection',
    ],
    [
      'a document twice',
      { corpus: lines(document('d1'), document('d2'), document('d1'), document('d3')) },
      'line 3, column _id: duplicate id',
    ],
    [
      'a query twice',
      { queries: lines({ _id: 'q1', text: 'a' }, { _id: 'q2', text: 'b' }, { _id: 'q1', text: 'c' }) },
      'line 3, column _id: duplicate id',
    ],
    [
      'a judgement twice',
      { qrels: `${header}q1\td1\t1\nq1\td1\t2\nq2\td2\t1\n` },
      'line 3, column corpus-id: duplicate judgement',
    ],
    [
      'a grade that is no number',
      { qrels: `${header}q1\td1\t1\nq1\td2\thigh\nq2\td2\t1\n` },
      'line 3, column score: score is not a number',
    ],
    [
      'a judgement cut short',
      { qrels: `${header}q1\td1\t1\nq1\td2\nq2\td2\t1\n` },
      'line 3, column corpus-id: too few columns',
    ],
    [
      'a document without a text',
      { corpus: lines(document('d1'), document('d2'), document('d3'), { _id: 'd4', title: '', text: '' }) },
      'line 4, column text: no text',
    ],
    [
      'a document without an id',
      { corpus: lines(document('d1'), document('d2'), document('d3'), { text: 'x' }) },
      'line 4, column _id: empty id',
    ],
    [
      'a line that is no JSON',
      { corpus: lines(document('d1'), document('d2'), document('d3'), '{"_id"') },
      'line 4: not valid JSON',
    ],
  ])('%s', async (_, parts, fault) => {
    const { faults } = await read(collection(parts));
    expect(faults).toEqual([fault]);
    expect((await importFolder(collection(parts))).manifest.skipped.total).toBe(1);
  });
});

describe('what is refused', () => {
  test.each([
    [
      'files that do not belong together',
      { queries: lines({ _id: '7', text: 'x' }) },
      'queries.jsonl and test.tsv have no id in common: queries.jsonl has "7" in _id, test.tsv has "q1" in query-id.',
    ],
    [
      'judgements without their header',
      { qrels: 'q1\td1\t1\n' },
      'test.tsv has no column "query-id", "corpus-id", "score". Columns found: q1, d1, 1.',
    ],
    [
      'a corpus of another layout',
      { corpus: lines({ id: 'd1', contents: 'x' }) },
      'corpus.jsonl has no column "_id", "text". Columns found: id, contents.',
    ],
    ['an empty file', { queries: '' }, 'queries.jsonl is empty.'],
    [
      'no document that is relevant',
      { qrels: `${header}q1\td1\t0\n` },
      'No usable question in corpus.jsonl and queries.jsonl and test.tsv: 1 questions without answers',
    ],
  ])('%s', async (_, parts, message) => {
    const home = join(dataFolder(), 'home');
    expect((await labError(importFolder(collection(parts), home), 'data')).message).toContain(message);
    if (existsSync(home)) expect(readdirSync(join(home, 'datasets'))).toEqual([]);
  });

  test('a split that is not there', async () => {
    expect((await labError(readBeir(collection(), 'dev'), 'data')).message).toMatch(
      /qrels.dev\.tsv cannot be read: no such file/,
    );
  });
});

const cranfield = realData('ir-cranfield/beir');
test.skipIf(cranfield === undefined)(
  'Cranfield: 1400 documents, two of them empty, 225 queries, 1837 judgements (skipped where the data is absent)',
  async () => {
    const { documents, queries, judgements, faults } = await read(cranfield!);
    expect([
      documents.length,
      queries.length,
      [...judgements.values()].reduce((sum, grades) => sum + grades.size, 0),
    ]).toEqual([1398, 225, 1837]);
    expect(faults).toEqual([
      'line 471, column text: no text',
      'line 995, column text: no text',
      'query 125, document 995: document is not in the collection',
    ]);
    expect((await importFolder(cranfield!)).manifest).toMatchObject({
      counts: { questions: 225, answers: 1836 },
      excluded: { unusedDocuments: 475 },
    });
  },
);
