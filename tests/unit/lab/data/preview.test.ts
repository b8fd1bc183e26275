import { describe, expect, test } from 'vitest';
import { previewTable } from '../../../../src/lab/data/preview.ts';
import type { TablePreview } from '../../../../src/shared/contract/datasets.ts';
import { dataFile, labError } from '../../../helpers/dataFiles.ts';

const preview = (name: string, content: string | Buffer, options: object = {}) =>
  previewTable({ file: dataFile(name, content), ...options });

test('a table that can be imported as it is', async () => {
  expect(await preview('own.csv', 'Question ID;Query;Passage;Votes\n1;"what; really?";this;3\n1;x;that;-1\n')).toEqual({
    format: 'csv',
    encoding: 'utf-8',
    delimiter: ';',
    columns: ['Question ID', 'Query', 'Passage', 'Votes'],
    rows: [
      ['1', 'what; really?', 'this', '3'],
      ['1', 'x', 'that', '-1'],
    ],
    mapping: { question: 'Query', answer: 'Passage', score: 'Votes', question_id: 'Question ID' },
    problems: [],
  } satisfies TablePreview);
});

test('JSON lines: all keys of the first rows, lists as JSON', async () => {
  const { format, delimiter, columns, rows, mapping } = await preview(
    'own.jsonl',
    '{"question":"x","answers":["a","b"]}\n{"question":"y","answers":["c"],"n":1}\n',
  );
  expect({ format, delimiter, columns, rows, mapping }).toEqual({
    format: 'jsonl',
    delimiter: null,
    columns: ['question', 'answers', 'n'],
    rows: [
      ['x', '["a","b"]', ''],
      ['y', '["c"]', '1'],
    ],
    mapping: { question: 'question', answer: 'answers' },
  });
});

test.each([
  [['question', 'answer', 'label'], { question: 'question', answer: 'answer', score: 'label' }],
  [['anchor', 'positive'], { question: 'anchor', answer: 'positive' }],
  [
    ['questionId', 'answerId', 'Title', 'questionText', 'answerText', 'isAccepted'],
    {
      question_id: 'questionId',
      answer_id: 'answerId',
      title: 'Title',
      question: 'questionText',
      answer: 'answerText',
      accepted: 'isAccepted',
    },
  ],
  [['title', 'answer'], { question: 'title', answer: 'answer' }],
  [['x', 'y'], {}],
])('columns %j by usual names', async (columns, mapping) => {
  expect((await preview('own.csv', `${columns.join(',')}\n${columns.map(() => '1').join(',')}\n`)).mapping).toEqual(
    mapping,
  );
});

test('format, encoding and delimiter as they are set', async () => {
  const content = Buffer.from('question,answer\tb\nca\xc3\xa9,x\ty\n', 'latin1');
  expect(await preview('own.txt', content, { format: 'tsv', encoding: 'latin-1' })).toMatchObject({
    format: 'tsv',
    encoding: 'latin-1',
    delimiter: '\t',
    columns: ['question,answer', 'b'],
    rows: [['caÃ©,x', 'y']],
  });
  expect(await preview('own.txt', content, { delimiter: ',' })).toMatchObject({
    format: 'csv',
    encoding: 'utf-8',
    columns: ['question', 'answer\tb'],
  });
});

test('a look at the beginning, however long the file: encoding, few rows, short cells', async () => {
  const row = `x,${'é'.repeat(50_000)}\n`;
  const { encoding, rows } = await preview('long.csv', `question,answer\n${row.repeat(60)}`);
  expect(encoding).toBe('utf-8'); // although the part that is read ends within a character
  expect(rows).toHaveLength(10);
  expect(rows[0]![1]).toBe(`${'é'.repeat(200)}…`);
});

describe('problems are said in words', () => {
  test.each([
    [
      'nothing is recognised',
      'x,y\n1,2\n',
      ['No column was recognised as the question.', 'No column was recognised as the answer.'],
    ],
    [
      'a score that is at times no number',
      'question,answer,score\nx,a,1\nx,b,NA\nx,c,2\n',
      ['Of the first 3 rows, 1 has no number in "score", which seems to be the score: found "NA".'],
    ],
    ['no rows', 'question,answer\n', ['There are no rows below the names of the columns.']],
    ['a column twice', 'question,answer,answer\n1,2,3\n', ['There are two columns "answer".']],
    [
      'damaged rows',
      'question,answer\nx,y\nz\n',
      ['Rows at the beginning cannot be used: 1 × too few columns. The first is at line 3.'],
    ],
  ])('%s', async (_, content, problems) => {
    expect((await preview('own.csv', content)).problems).toEqual(problems);
  });

  test('a score in words is a problem that shows one', async () => {
    const { mapping, problems } = await preview('own.csv', 'question,answer,label\nx,a,good\nx,b,bad\n');
    expect({ mapping, problems }).toEqual({
      mapping: { question: 'question', answer: 'answer', score: 'label' },
      problems: ['Of the first 2 rows, 2 have no number in "label", which seems to be the score: found "good".'],
    });
  });
});

describe('what is refused', () => {
  test.each([
    [
      'a header that is damaged',
      'own.csv',
      '"question,answer\nx,y\n',
      'own.csv, line 1: header row: quote that is never closed.',
    ],
    ['no JSON', 'own.jsonl', 'question,answer\n', 'own.jsonl has no row that can be used: 1 × not valid JSON.'],
    ['an empty file', 'own.csv', '', 'is empty'],
  ])('%s', async (_, name, content, message) => {
    expect((await labError(preview(name, content), 'data')).message).toContain(message);
  });

  test('another encoding than the one that was set', async () => {
    expect(
      (
        await labError(
          preview('own.csv', Buffer.from('question,answer\ncaf\xe9,x\n', 'latin1'), { encoding: 'utf-8' }),
          'data',
        )
      ).message,
    ).toContain('is not UTF-8: byte 19 (line 2)');
  });

  test('a file that is not there', async () => {
    expect((await labError(previewTable({ file: '/nowhere/own.csv' }), 'data')).message).toBe(
      '/nowhere/own.csv cannot be read: no such file.',
    );
  });
});
