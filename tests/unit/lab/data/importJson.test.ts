import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Question } from '../../../../src/lab/data/dataset.ts';
import { readDataset } from '../../../../src/lab/data/datasetFolder.ts';
import { exportJson } from '../../../../src/lab/data/exportJson.ts';
import { importDataset } from '../../../../src/lab/data/importDataset.ts';
import { dataFile, dataFolder, labError } from '../../../helpers/dataFiles.ts';

async function importFile(file: string, limit?: number) {
  const home = join(dataFolder(), 'home');
  const { folder, manifest } = await importDataset({ home, name: 'test', source: { kind: 'json', file }, limit });
  return { manifest, questions: (await readDataset(folder)).questions };
}

const importText = (text: string) => importFile(dataFile('ranked_qa.json', text));

function item(id: string | number, answers: unknown[] = [{ id: `a${id}`, body: 'answer', score: 1 }]) {
  return {
    question: { id, title: `Title ${id}`, body: `<p>Body ${id}</p>`, score: 1, view_count: 0, tags: '' },
    answers,
  };
}

describe('import', () => {
  test('ranks answers itself and cleans the texts', async () => {
    const answers = [
      { id: 1, body: '<p>low</p>', score: -1, is_accepted: false },
      { id: 2, body: '<p>top &gt; low</p>', score: 8, is_accepted: true },
      { id: 3, body: 'tie', score: -1, is_accepted: false },
    ];
    const { questions, manifest } = await importText(JSON.stringify([item(7, answers)], null, 2));
    expect(questions).toEqual([
      {
        id: '7',
        title: 'Title 7',
        body: 'Body 7',
        score: 1,
        answers: [
          { id: '2', body: 'top > low', score: 8, accepted: true },
          { id: '1', body: 'low', score: -1, accepted: false },
          { id: '3', body: 'tie', score: -1, accepted: false },
        ],
      },
    ]);
    expect(manifest.source.kind).toBe('json');
  });

  test('where nothing says which answer is accepted, the best one is', async () => {
    const answers = [
      { id: 'x', body: 'x', score: 1 },
      { id: 'y', body: 'y', score: 2 },
    ];
    const { questions } = await importText(JSON.stringify([item(1, answers)]));
    expect(questions[0]!.answers.map(({ id, accepted }) => [id, accepted])).toEqual([
      ['y', true],
      ['x', false],
    ]);
  });

  test('strings that hold brackets, quotes and line breaks, in a file of many pieces', async () => {
    const title = ']}" \\ [{ ä𝕏, \\"';
    const items = Array.from({ length: 3000 }, (_, i) => ({
      ...item(i),
      question: { id: i, title: title.repeat(10), body: `[{"\n${i}`, score: 0 },
    }));
    const { questions } = await importText(`\ufeff ${JSON.stringify(items, null, 1)}\n`);
    expect(questions).toHaveLength(3000);
    expect(questions.at(-1)).toMatchObject({ id: '2999', title: title.repeat(10), body: '[{" 2999' });
  });

  test('limit, questions without answers, duplicates and empty texts', async () => {
    const twice = [
      { id: 'b', body: 'x', score: 1 },
      { id: 'b', body: 'y', score: 2 },
    ];
    const file = dataFile(
      'ranked_qa.json',
      JSON.stringify([
        item(1),
        item(2, []),
        item(1),
        item(3, [{ id: 'e', body: '<p></p>', score: 1 }]),
        item(4, twice),
        item(5),
      ]),
    );
    const { questions, manifest } = await importFile(file, 2);
    expect(questions.map(({ id }) => id)).toEqual(['1', '4']);
    expect(manifest.excluded.questionsWithoutAnswers).toBe(2);
    expect(manifest.skipped.examples.map(({ where, reason }) => `${where}: ${reason}`)).toEqual([
      'item 2: duplicate id',
      'item 3, answer 0: no text',
      'item 4, answer 1: duplicate id',
    ]);
  });
});

test('votes as text are numbers, and a question needs none, as in the original script', async () => {
  const answers = [
    { id: 'a', body: 'low', score: '-2' },
    { id: 'b', body: 'top', score: ' 1e1 ' },
    { id: 'c', body: 'middle', score: 3.5 },
  ];
  const { questions } = await importText(
    JSON.stringify([{ question: { id: 1, title: 'T', body: 'b' }, answers }, item(2)]),
  );
  expect(questions[0]!.answers.map(({ id, score }) => [id, score])).toEqual([
    ['b', 10],
    ['c', 3.5],
    ['a', -2],
  ]);
});

test('a NUL costs a text that character, and an id with it is refused', async () => {
  const answers = [
    { id: 'a', body: 'x\0y', score: 1 },
    { id: 'b', body: 'fine', score: 0 },
  ];
  const file = dataFile(
    'ranked_qa.json',
    JSON.stringify([item(1, answers), { ...item(2), question: { id: 2, title: 'T', body: 'x\0y', score: 1 } }]),
  );
  const { questions, manifest } = await importFile(file);
  expect(questions.map(({ id, answers: kept }) => [id, ...kept.map((answer) => answer.id)])).toEqual([
    ['1', 'a', 'b'],
    ['2', 'a2'],
  ]);
  expect(manifest.skipped).toMatchObject({ total: 0, characters: 2 });
  expect(
    (
      await labError(
        importText(JSON.stringify([{ ...item(1), question: { id: '1\0', title: 'T', body: 'b', score: 1 } }])),
        'data',
      )
    ).message,
  ).toContain('item 0, field question.id: expected a text without NUL');
});

describe('files that are not what they should be', () => {
  const valid = JSON.stringify(item(1));
  test.each([
    ['an item that is not JSON', `[${valid}, {"question": }]`, 'item 1 is not valid JSON'],
    ['a comma too many', `[${valid},]`, 'item 1 is not valid JSON'],
    ['a file cut short', `[${valid}, {"question": {"id"`, 'not complete: it ends within item 1'],
    ['an array that ends like an object', `[${valid}}`, 'the array ends with "}" where "]" belongs'],
    ['an object', '{"questions": []}', 'should be one JSON array and has "{" at its beginning'],
    ['text after the array', `[${valid}] x`, 'something after its end'],
    ['white space only', '  \n', 'it contains no array'],
    ['an empty array', '[]', 'No usable question in ranked_qa.json'],
    [
      'an item without answers',
      `[${valid}, {"question": {"id": 1, "title": "", "body": "", "score": 1}}]`,
      'item 1, field answers',
    ],
    [
      'a score that is a word',
      JSON.stringify([item(1, [{ id: 1, body: 'x', score: 'five' }])]),
      'item 0, field answers.0.score',
    ],
    [
      'an answer without a score',
      JSON.stringify([item(1, [{ id: 1, body: 'x' }])]),
      'item 0, field answers.0.score: expected a number',
    ],
    [
      'a title that is a number',
      '[{"question": {"id": 1, "title": 5, "body": "", "score": 1}, "answers": []}]',
      'item 0, field question.title',
    ],
    ['an item that is no object', '[5]', 'item 0: '],
  ])('%s', async (_, text, message) => {
    expect((await labError(importText(text), 'data')).message).toContain(message);
  });

  test('bytes that are no UTF-8', async () => {
    const file = dataFile('ranked_qa.json', Buffer.from('[{"question": "caf\xe9"}]', 'latin1'));
    expect((await labError(importFile(file), 'data')).message).toContain('not UTF-8: byte 18 (line 1)');
  });
});

describe('export', () => {
  const questions: Question[] = [
    {
      id: 'q1',
      title: 'Is <b> & "c" > d?',
      body: 'if (a < b && c > d) &lt; <script>alert("ä𝕏")</script> <!-- x -->',
      score: -3,
      answers: [
        { id: 'a2', body: 'x <- y &amp; z', score: 4.5, accepted: false },
        { id: 'a1', body: 'second', score: 4.5, accepted: true },
      ],
    },
    { id: 'q2', title: '', body: 'b', score: 0, answers: [{ id: 'a3', body: '<', score: -1, accepted: false }] },
  ];

  test('then import gives the same questions', async () => {
    const path = join(dataFolder(), 'ranked_qa.json');
    expect(await exportJson(questions, path)).toBe(2);
    expect((await importFile(path)).questions).toEqual(questions);
  });

  test('whom the texts are by stands with each question, and is found again', async () => {
    const path = join(dataFolder(), 'ranked_qa.json');
    await exportJson(questions, path, { attribution: 'By their authors.', licence: 'CC BY-SA 4.0' });
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject([
      { attribution: 'By their authors.', licence: 'CC BY-SA 4.0' },
      { licence: 'CC BY-SA 4.0' },
    ]);
    expect((await importFile(path)).manifest).toMatchObject({
      attribution: 'By their authors.',
      licence: 'CC BY-SA 4.0',
    });
  });

  test('an answer that stands under two questions stays under both', async () => {
    const path = join(dataFolder(), 'ranked_qa.json');
    const shared = questions.map((question) => ({
      ...question,
      answers: [{ id: 'd', body: 'shared', score: 1, accepted: true }],
    }));
    await exportJson(shared, path);
    expect((await importFile(path)).questions).toEqual(shared);
  });

  test('has the keys of the layout', async () => {
    const path = join(dataFolder(), 'ranked_qa.json');
    await exportJson(questions, path);
    const [first, second] = JSON.parse(readFileSync(path, 'utf8')) as { question: object }[];
    expect(first!.question).toMatchObject({ view_count: 0, tags: '', accepted_answer_id: 'a1' });
    expect(second!.question).toMatchObject({ accepted_answer_id: null });
    await exportJson([], path);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual([]);
  });

  test('to a folder that does not exist', async () => {
    const error = await labError(exportJson(questions, join(dataFolder(), 'no', 'such.json')), 'storage');
    expect(error.message).toContain('does not exist');
  });
});
