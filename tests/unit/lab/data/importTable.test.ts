import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readDataset } from '../../../../src/lab/data/datasetFolder.ts';
import { importDataset } from '../../../../src/lab/data/importDataset.ts';
import type { TableFormat } from '../../../../src/shared/table.ts';
import { dataFile, dataFolder, labError } from '../../../helpers/dataFiles.ts';
import type { ImportSource } from '../../../../src/shared/sourceRequest.ts';

type TableSource = Extract<ImportSource, { kind: 'table' }>;
const pair = { question: 'q', answer: 'a' };

async function importTable(
  content: string | Buffer,
  source: Partial<TableSource> = {},
  home = join(dataFolder(), 'home'),
) {
  const format: TableFormat = source.format ?? 'csv';
  const { folder, manifest } = await importDataset({
    home,
    name: 'test',
    source: { kind: 'table', file: dataFile(`own.${format}`, content), format, mapping: pair, ...source },
  });
  const { questions } = await readDataset(folder);
  /** Each question as "title | body: answer=score, …", an accepted answer with a star. */
  const lines = questions.map(
    ({ title, body, answers }) =>
      `${title ? `${title} | ` : ''}${body}: ${answers.map(({ body, score, accepted }) => `${body}=${score}${accepted ? '*' : ''}`).join(', ')}`,
  );
  return { manifest, questions, lines };
}

/** The refusal of a file, of which nothing is left in the home folder. */
async function refusal(content: string | Buffer, source: Partial<TableSource> = {}) {
  const home = join(dataFolder(), 'home');
  const error = await labError(importTable(content, source, home), 'data');
  expect(readdirSync(join(home, 'datasets'))).toEqual([]);
  return error;
}

const jsonLines = (...rows: unknown[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('');

describe('questions and their answers', () => {
  test.each<[TableFormat, string]>([
    ['csv', 'q,a,s\nfirst,one,1\nsecond,two,2\nfirst,"three, more",3\n'],
    ['tsv', 'q\ta\ts\nfirst\tone\t1\nsecond\ttwo\t2\nfirst\tthree, more\t3\n'],
    [
      'jsonl',
      jsonLines(
        { q: 'first', a: 'one', s: 1 },
        { q: 'second', a: 'two', s: '2' },
        { q: 'first', a: 'three, more', s: 3 },
      ),
    ],
  ])(
    '%s: rows with the same question text are one question, wherever they stand; the best answer counts as accepted',
    async (format, content) => {
      const { lines, manifest } = await importTable(content, { format, mapping: { ...pair, score: 's' } });
      expect(lines).toEqual(['first: three, more=3*, one=1', 'second: two=2*']);
      expect(manifest.source).toMatchObject({
        kind: 'table',
        columns: { question: 'q', answer: 'a', score: 's' },
        answersWithoutScore: 0,
      });
      expect(manifest.source.delimiter).toBe({ csv: ',', tsv: '\t', jsonl: undefined }[format]);
    },
  );

  test('rows with the same question_id are one question, whose text is that of the first', async () => {
    const { lines, questions } = await importTable('id,q,a\n7,how,one\n8,how,two\n7,how?,three\n', {
      mapping: { ...pair, question_id: 'id' },
    });
    expect(lines).toEqual(['how: one=1*, three=1', 'how: two=1*']);
    expect(questions.map(({ id }) => id)).toEqual(['7', '8']);
  });

  test('without a score column every answer has score 1, and that is said', async () => {
    const { lines, manifest } = await importTable('q,a\nx,one\nx,two\n');
    expect(lines).toEqual(['x: one=1*, two=1']);
    expect(manifest.source.answersWithoutScore).toBe(2);
  });

  test('titles, answer ids and acceptance as the columns say', async () => {
    const mapping = { ...pair, title: 't', answer_id: 'id', accepted: 'ok', score: 's' };
    const { lines, questions } = await importTable('t,q,a,id,ok,s\nT,x,one,1,no,5\nT,x,two,2,Yes,3\n,y,three,1,,1\n', {
      mapping,
    });
    expect(lines).toEqual(['T | x: one=5, two=3*', 'y: three=1']);
    expect(questions[0]!.answers.map(({ id }) => id)).toEqual(['1', '2']); // ids may begin anew with each question
  });

  test('ids that are made for texts depend on the texts alone', async () => {
    const [first, second] = await Promise.all([importTable('q,a\nx,one\ny,two\n'), importTable('q,a\ny,two\nx,one\n')]);
    expect(second.questions.toReversed()).toEqual(first.questions);
  });

  test('HTML is cleaned where it is HTML; other texts keep their < and &', async () => {
    const { lines } = await importTable(jsonLines({ q: '<p>a &amp; b</p>', a: 'if a <b and c> d & e' }), {
      format: 'jsonl',
    });
    expect(lines).toEqual(['a & b: if a <b and c> d & e=1*']);
  });

  test('JSON lines with lists of answers: texts, or objects with usual keys', async () => {
    const { lines, manifest } = await importTable(
      jsonLines(
        { q: 'x', a: ['one', 'two'] },
        {
          q: 'y',
          a: [
            { text: 'three', score: 1 },
            { body: 'four', votes: 9, is_accepted: false },
            { answer: 'five', score: 2, accepted: true },
          ],
        },
      ),
      { format: 'jsonl' },
    );
    expect(lines).toEqual(['x: one=1*, two=1', 'y: four=9, five=2*, three=1']);
    expect(manifest.source.answersWithoutScore).toBe(2);
  });

  test('ids with NUL, and lines that are nested without end, are skipped as what they are', async () => {
    const row = { q: 'x', a: 'one', qid: '1', aid: '1' };
    const deep = `{"q":"x","a":${'['.repeat(20_000)}${']'.repeat(20_000)},"qid":"1","aid":"9"}\n`;
    const { lines, manifest } = await importTable(
      jsonLines(
        row,
        { ...row, a: 'two', aid: '2' },
        { ...row, a: 'three', aid: '3' },
        { ...row, a: 'four', aid: '4' },
        { ...row, aid: '\0' },
        { ...row, qid: '\0' },
      ) + deep,
      {
        format: 'jsonl',
        mapping: { ...pair, question_id: 'qid', answer_id: 'aid' },
      },
    );
    expect(lines).toEqual(['x: one=1*, two=1, three=1, four=1']);
    expect(manifest.skipped.byReason).toEqual({ 'NUL character in an id': 2, 'nested too deep': 1 });
  });

  test('a delimiter is found, or taken as it is set', async () => {
    const content = 'q;a;n\n"x; y, z";one, two, three;1\nv;"w\nw";2\n';
    const { lines, manifest } = await importTable(content);
    expect(lines).toEqual(['x; y, z: one, two, three=1*', 'v: w w=1*']);
    expect(manifest.source.delimiter).toBe(';');
    expect((await refusal(content, { delimiter: ',' })).message).toContain(
      'own.csv has no column "q", "a". Columns found: q;a;n.',
    );
  });

  test('quotes within the cells of a tab-separated file are text, and a quoted cell may hold tabs', async () => {
    const { lines } = await importTable('q\ta\nthe "best" one\t5" pipe\n"a ""b""\tc"\td\n', { format: 'tsv' });
    expect(lines).toEqual(['the "best" one: 5" pipe=1*', 'a "b" c: d=1*']);
  });

  test('the encoding is detected, or set', async () => {
    const content = Buffer.from(
      'q,a\nWie kocht man ein Ei?,Das Ei in kaltem Wasser zum Kochen bringen und acht Minuten k\xf6cheln\n',
      'latin1',
    );
    const { lines, manifest } = await importTable(content);
    expect([lines, manifest.source.files[0]!.encoding]).toEqual([
      ['Wie kocht man ein Ei?: Das Ei in kaltem Wasser zum Kochen bringen und acht Minuten köcheln=1*'],
      'latin-1',
    ]);
    expect((await refusal(content, { encoding: 'utf-8' })).message).toContain('own.csv is not UTF-8: byte 87 (line 2)');
  });

  test('a byte order mark is no part of the first column', async () => {
    expect((await importTable('\ufeffq,a\nx,y\n')).lines).toEqual(['x: y=1*']);
    expect((await importTable(`\ufeff${jsonLines({ q: 'x', a: 'y' })}`, { format: 'jsonl' })).lines).toEqual([
      'x: y=1*',
    ]);
  });
});

describe('rows that cannot be used are skipped and counted', () => {
  const around = (bad: string): string => `q,a,s\nx,one,1\n${bad}\nx,two,2\nx,three,3\n`;
  test.each([
    ['a score that is no number', 'x,bad,n/a', 'line 3, column s: score is not a number'],
    ['no score, where there is a column for it', 'x,bad,', 'line 3, column s: no score'],
    ['no question', ' ,bad,1', 'line 3, column q: no question text'],
    ['no answer', 'x,,1', 'line 3, column a: no answer text'],
    ['an answer that is there already', 'x,one,7', 'line 3, column a: duplicate answer'],
    ['too few columns', 'x,bad', 'line 3, column a: too few columns'],
    ['too many columns', 'x,bad,1,2', 'line 3, column s: too many columns'],
    [
      'a quote that is not doubled',
      'x,"b "a" d",1',
      'line 3, column a: quote inside a quoted field that is not doubled',
    ],
    [
      'a giant field',
      `x,${'y'.repeat(2_000_000)},1`,
      'line 3, column q: row larger than 1 MiB, or a quote that is never closed',
    ],
  ])('CSV: %s', async (_, bad, where) => {
    const { lines, manifest } = await importTable(around(bad), { mapping: { ...pair, score: 's' } });
    expect(lines).toEqual(['x: three=3*, two=2, one=1']);
    expect(manifest.skipped.examples.map(({ where, reason }) => `${where}: ${reason}`)).toEqual([where]);
  });

  test('CSV: a quote that is never closed costs its own row', async () => {
    const { lines, manifest } = await importTable('q,a\nx,one\nx,"bad\nx,two\nx,three\n');
    expect(lines).toEqual(['x: one=1*, two=1, three=1']);
    expect(manifest.skipped.byReason).toEqual({ 'quote that is never closed': 1 });
  });

  test.each([
    ['no JSON', '{"q": "x", "a"', 'line 2: not valid JSON'],
    ['no object', '["x", "bad"]', 'line 2: not a JSON object'],
    ['an infinite score', '{"q": "x", "a": "bad", "s": 1e999}', 'line 2, column s: score is not a number'],
    ['a score in words', '{"q": "x", "a": "bad", "s": "high"}', 'line 2, column s: score is not a number'],
    ['no score, where others have one', '{"q": "x", "a": "bad"}', 'line 2, column s: no score'],
    ['an object for a question', '{"q": {"x": 1}, "a": "bad", "s": 1}', 'line 2, column q: no question text'],
    ['a giant line', `{"q": "x", "a": "${'y'.repeat(17_000_000)}", "s": 1}`, 'line 2: line larger than 16 MiB'],
    [
      'a list with one answer that has no score',
      '{"q": "x", "a": [{"text": "two", "score": 2}, {"text": "bad"}]}',
      'line 2, column a: no score',
    ],
  ])('JSON lines: %s', async (_, bad, where) => {
    const content = `${jsonLines({ q: 'x', a: 'one', s: 1 })}${bad}\n\n${jsonLines({ q: 'x', a: 'two', s: 2 }, { q: 'x', a: 'three', s: 3 })}`;
    const { lines, manifest } = await importTable(content, { format: 'jsonl', mapping: { ...pair, score: 's' } });
    expect(lines).toEqual(['x: three=3*, two=2, one=1']);
    expect(manifest.skipped.examples.map(({ where, reason }) => `${where}: ${reason}`)[0]).toBe(where);
  });

  test('acceptance in other words', async () => {
    const { manifest } = await importTable('q,a,ok\nx,one,1\nx,two,perhaps\n', {
      mapping: { ...pair, accepted: 'ok' },
    });
    expect(manifest.skipped.examples).toMatchObject([
      { where: 'line 3, column ok', reason: 'accepted is neither yes nor no', found: 'perhaps' },
    ]);
  });
});

describe('what is refused', () => {
  const scored = { mapping: { ...pair, score: 's' } };
  test.each<[string, string, Partial<TableSource>, string]>([
    ['a column that is not there', 'q,b\nx,y\n', {}, 'own.csv has no column "a". Columns found: q, b.'],
    [
      'a key that no line has',
      jsonLines({ q: 'x', b: 'y' }),
      { format: 'jsonl' },
      'own.jsonl has no column "a". Columns found: q, b.',
    ],
    ['a column that is there twice', 'q,a,a\nx,y,z\n', {}, 'own.csv has two columns "a"'],
    [
      'scores that are mostly words',
      'q,a,s\nx,y,good\nx,z,bad\nx,v,1\n',
      scored,
      'own.csv: 2 of 3 rows cannot be used: 2 × score is not a number. The first is at line 2, column s: "good".',
    ],
    [
      'lists whose scores are mostly words',
      jsonLines({ q: 'x', a: ['1', '2', '3', '4'].map((text) => ({ text, score: 'good' })) }),
      { format: 'jsonl' },
      '4 of 4 rows cannot be used',
    ],
    [
      'lines that are mostly no JSON',
      'some text\nand more\n{"q":"x","a":"y"}\n',
      { format: 'jsonl' },
      'own.jsonl: 2 of 3 rows cannot be used: 2 × not valid JSON. The first is at line 1: "some text".',
    ],
    ['a header alone', 'q,a\n', {}, 'No usable question in own.csv'],
    ['empty lines alone', '\n\n', { format: 'jsonl' }, 'own.jsonl has no rows.'],
    [
      'questions without answers',
      jsonLines({ q: 'x', a: [] }),
      { format: 'jsonl' },
      'No usable question in own.jsonl: 1 questions without answers',
    ],
  ])('%s', async (_, content, source, message) => {
    expect((await refusal(content, source)).message).toContain(message);
  });
});
