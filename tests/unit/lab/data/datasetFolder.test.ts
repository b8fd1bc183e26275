import { appendFileSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Question } from '../../../../src/lab/data/dataset.ts';
import {
  datasetPath,
  listDatasets,
  manifestFor,
  readDataset,
  readManifest,
  streamQuestions,
} from '../../../../src/lab/data/datasetFolder.ts';
import type { Provenance } from '../../../../src/shared/manifest.ts';
import { dataFolder, importPair, labError } from '../../../helpers/dataFiles.ts';

const questions: Question[] = [
  { id: '1', title: 'One two', body: 'three', score: 1, answers: [{ id: 'a', body: 'x y', score: 1, accepted: true }] },
  {
    id: '2',
    title: 'Four',
    body: '',
    score: 0,
    answers: [
      { id: 'b', body: 'x', score: 2, accepted: true },
      { id: 'c', body: 'x y z', score: 1, accepted: false },
    ],
  },
];

const provenance: Provenance = {
  name: 'made',
  created: '2025-01-01T00:00:00.000Z',
  source: { kind: 'made', files: [] },
  limit: null,
  skipped: { total: 0, byReason: {}, examples: [] },
  excluded: { questionsWithoutAnswers: 0, orphanAnswers: 0 },
  attribution: 'Made up for this test.',
};

async function madeDataset(): Promise<string> {
  const folder = dataFolder();
  writeFileSync(join(folder, 'questions.jsonl'), questions.map((question) => `${JSON.stringify(question)}\n`).join(''));
  await manifestFor(folder, provenance);
  return folder;
}

describe('a dataset is read as it was written', () => {
  test('whole, in part and one by one', async () => {
    const folder = await madeDataset();
    const { manifest, questions: all } = await readDataset(folder);
    expect(all).toEqual(questions);
    expect((await readDataset(folder, { limit: 1 })).questions).toEqual(questions.slice(0, 1));
    const streamed: Question[] = [];
    for await (const question of streamQuestions(folder, manifest)) streamed.push(question);
    expect(streamed).toEqual(questions);
  });

  test('its manifest counts questions, answers and words', async () => {
    const manifest = await readManifest(await madeDataset());
    expect(manifest.counts).toEqual({ questions: 2, answers: 3, questionsWithOneAnswer: 1, questionsWithTwoOrMore: 1 });
    expect(manifest.text).toEqual({ meanQuestionWords: 2, meanAnswerWords: 2 });
    expect(manifest.attribution).toBe('Made up for this test.');
  });

  test('one from before origins, licences and tables were noted', async () => {
    const folder = await madeDataset();
    const old = {
      ...(await readManifest(folder)),
      source: { kind: 'csv', files: [{ name: 'Questions.csv', size: 7, sha256: '0'.repeat(64), encoding: 'latin-1' }] },
      attribution: undefined,
    };
    writeFileSync(join(folder, 'manifest.json'), JSON.stringify(old));
    expect(await readManifest(folder)).toMatchObject({ source: old.source, counts: { questions: 2 } });
  });

  test('the same questions give the same manifest, byte by byte', async () => {
    const [first, second] = [await madeDataset(), await madeDataset()];
    const read = (folder: string): string => readFileSync(join(folder, 'manifest.json'), 'utf8');
    expect(read(first)).toBe(read(second));
  });
});

describe('damage is found', () => {
  const file = (folder: string, name: string): string => join(folder, name);
  test.each<[string, (folder: string) => void, string]>([
    ['questions.jsonl torn', (f) => truncateSync(file(f, 'questions.jsonl'), 50), 'has 50 bytes; its manifest says'],
    ['questions.jsonl longer', (f) => appendFileSync(file(f, 'questions.jsonl'), '{}\n'), 'its manifest says'],
    ['questions.jsonl missing', (f) => rmSync(file(f, 'questions.jsonl')), 'it has no questions.jsonl'],
    [
      'a letter changed',
      (f) =>
        writeFileSync(
          file(f, 'questions.jsonl'),
          readFileSync(file(f, 'questions.jsonl'), 'utf8').replace('three', 'threa'),
        ),
      'questions.jsonl was altered',
    ],
    [
      'a line broken',
      (f) =>
        writeFileSync(file(f, 'questions.jsonl'), readFileSync(file(f, 'questions.jsonl'), 'utf8').replace('{', '[')),
      'line 1 of questions.jsonl is not a question',
    ],
    ['manifest.json missing', (f) => rmSync(file(f, 'manifest.json')), 'it has no manifest.json'],
    ['manifest.json torn', (f) => truncateSync(file(f, 'manifest.json'), 40), 'manifest.json is not JSON'],
    [
      'manifest.json of another shape',
      (f) => writeFileSync(file(f, 'manifest.json'), '{"format": 1}'),
      'manifest.json: ',
    ],
    [
      'manifest.json of a later version',
      (f) => writeFileSync(file(f, 'manifest.json'), '{"format": 2}'),
      'has format 2',
    ],
  ])('%s', async (_, damage, message) => {
    const folder = await madeDataset();
    damage(folder);
    expect((await labError(readDataset(folder), 'data')).message).toContain(message);
    expect((await labError(readDataset(folder, { limit: 1 }), 'data')).message).toContain(message);
  });

  test('by the stream too, at its end', async () => {
    const folder = await madeDataset();
    const manifest = await readManifest(folder);
    writeFileSync(
      join(folder, 'questions.jsonl'),
      readFileSync(join(folder, 'questions.jsonl'), 'utf8').replace('three', 'threa'),
    );
    const all = async (): Promise<void> => {
      for await (const question of streamQuestions(folder, manifest)) expect(question.id).toBeTruthy();
    };
    expect((await labError(all(), 'data')).message).toContain('altered');
  });
});

describe('names and places', () => {
  test('only names that are safe everywhere', async () => {
    expect(datasetPath('/home', 'se-ai_2.0')).toBe(join('/home', 'datasets', 'se-ai_2.0'));
    for (const name of [
      '',
      '.',
      '..',
      '../up',
      'a/b',
      'a\\b',
      '.hidden',
      'end.',
      'with space',
      'nul',
      'Con.x',
      'ü',
      'x'.repeat(65),
    ]) {
      await labError(() => datasetPath('/home', name), 'usage');
    }
  });

  test('a list of all, with the damaged ones, without what is being written', async () => {
    const { home } = await importPair({}, { name: 'sound' });
    mkdirSync(join(home, 'datasets', 'damaged'));
    mkdirSync(join(home, 'datasets', '.writing-x'));
    const listed = await listDatasets(home);
    expect(listed.map(({ name }) => name)).toEqual(['damaged', 'sound']);
    expect(listed[0]).toHaveProperty('error.message', expect.stringContaining('no manifest.json'));
    expect(listed[1]).toHaveProperty('manifest.counts.questions', 5);
    expect(await listDatasets(join(home, 'nowhere'))).toEqual([]);
  });
});
