import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readDataset } from '../../../../src/lab/data/datasetFolder.ts';
import { importDataset } from '../../../../src/lab/data/importDataset.ts';
import { previewTable } from '../../../../src/lab/data/preview.ts';
import { readBeir } from '../../../../src/lab/data/beir.ts';
import { columnMapping } from '../../../../src/shared/table.ts';
import { dataFolder, labError } from '../../../helpers/dataFiles.ts';

const inputs = join(import.meta.dirname, '../../../fixtures/inputs');

/** Imports a table as the command line does: columns by their names. */
async function importFile(path: string) {
  const file = join(inputs, path);
  const { format, mapping } = await previewTable({ file });
  const { folder, manifest } = await importDataset({
    home: join(dataFolder(), 'home'),
    name: 'test',
    source: { kind: 'table', file, format, mapping: columnMapping.parse(mapping) },
  });
  const { questions } = await readDataset(folder);
  return { manifest, questions, bests: questions.map(({ body, answers }) => `${body} ${answers[0]!.body}`) };
}

describe('rows', () => {
  test.each(['block', 'ids'])('stray quotes in 90 of 100 rows, whatever the ids look like: %s', async (name) => {
    const error = await labError(importFile(`csv-quotes-uncounted/${name}.csv`), 'data');
    expect(error.message).toContain('90 of 100 rows cannot be used: 90 × quote inside a field that is not quoted');
  });

  test('a quote that begins a cell of a tab-separated file without quoting is text', async () => {
    const { questions, manifest } = await importFile('tsv-leading-quote/c.tsv');
    expect([questions.length, manifest.skipped.total]).toEqual([200, 0]);
    expect(questions[5]!.body).toBe('"the great gatsby meaning');
    expect((await importFile('tsv-leading-quote/a.tsv')).questions).toHaveLength(60);
  });
});

describe('ids and numbers', () => {
  test('ids beyond 2^53 that differ in the last digit', async () => {
    const { questions, bests } = await importFile('json-ids-2e53/ids.jsonl');
    expect(questions.map(({ id }) => id)).toEqual([
      '9007199254740992',
      '9007199254740993',
      '1610521604143693812',
      '1610521604143693813',
    ]);
    expect(bests[0]).toBe('How do I boil an egg? Seven minutes.');
    const collection = await readBeir(join(inputs, 'json-ids-2e53/big'), 'test');
    expect(collection.queries.length).toBeGreaterThan(1);
    expect(collection.skipped.total).toBe(0);
  });

  test('a decimal comma between semicolons', async () => {
    const { manifest, bests } = await importFile('score-column-dropped/decimal-comma.csv');
    expect(bests).toEqual([
      'how do I bake bread Mix flour and water and bake it.',
      'how do I boil an egg Seven minutes in boiling water.',
    ]);
    expect(manifest.source).toMatchObject({ decimalComma: true, answersWithoutScore: 0 });
  });

  test('NaN of Python: the row has no score', async () => {
    const { manifest, questions } = await importFile('not-a-table/nan.jsonl');
    expect([questions.length, manifest.skipped.byReason]).toEqual([2, { 'no score': 1 }]);
  });
});

test.each([
  [
    'asnq.tsv',
    ['what is the capital of peru Lima is the capital.'],
    { questionsWithoutPositive: 1, answersNotRelevant: 2 },
  ],
])('labels: what is not above 0 is no answer: %s', async (name, bests, excluded) => {
  const found = await importFile(`binary-labels/${name}`);
  expect(found.bests).toEqual(bests);
  expect(found.manifest.excluded).toMatchObject(excluded);
  expect(found.manifest.source.labels).toBe(true);
});

describe('encodings', () => {
  test.each([
    ['gbk.csv', 'gb18030', '如何煮鸡蛋？'],
    ['cp1251.csv', 'windows-1251', 'Как сварить яйцо?'],
  ])('%s', async (name, encoding, first) => {
    const { manifest, questions } = await importFile(`legacy-encodings/${name}`);
    expect(manifest.source.files[0]).toMatchObject({
      encoding,
      detection: { line: expect.stringContaining(first) as string },
    });
    expect(questions[0]!.body).toBe(first);
  });
});

test('plain text and Markdown that talk about HTML stay as they are', async () => {
  const { manifest, questions } = await importFile('html-in-plain-text/a.jsonl');
  expect(manifest.source.texts!['answer']).toEqual({ form: 'plain' });
  expect(questions[1]!.answers[0]!.body).toBe(
    'Use List<String> and print it with <br> between entries, e.g. Map<String,Integer> counts.',
  );
  expect(questions[3]!.answers[0]!.body).toContain('Everything after is important.');
  expect(questions[4]!.answers[0]!.body).toContain('More text that matters.');
});

describe('not a table', () => {
  test.each([
    ['arr.jsonl', 'a JSON array'],
    ['sep.csv', "Excel's line with the delimiter"],
    ['u16le_ascii_nobom.csv', 'UTF-16 without a mark'],
  ])('%s is read: %s', async (name) => {
    const { questions, manifest } = await importFile(`not-a-table/${name}`);
    expect([questions.length, manifest.skipped.total]).toEqual([2, 0]);
  });

  test.each([
    ['data.csv.gz', 'data.csv.gz is compressed with gzip.'],
    ['train.parquet', 'train.parquet is a Parquet file.'],
  ])('%s is named', async (name, message) => {
    expect((await labError(importFile(`not-a-table/${name}`), 'data')).message).toBe(message);
  });
});
