import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ImportProgress } from '../../../../src/lab/data/importContext.ts';
import {
  answerRows,
  answersHeader,
  dataFolder,
  importPair,
  labError,
  questionRows,
  questionsHeader,
} from '../../../helpers/dataFiles.ts';

describe('what is imported', () => {
  test('questions in file order, answers ranked by score, ties in file order, the best one accepted', async () => {
    const { questions } = await importPair({
      questions: `${questionsHeader}9,NA,2010,7,"Is a < b?","<p>Why &amp; how</p>"\n2,5,2010,-1,Second,"<p>x</p>"\n`,
      answers:
        `${answersHeader}11,1,2010,2,0,"<p>only</p>"\n12,1,2010,9,3,"<p>third</p>"\n13,1,2010,9,-2,last\n` +
        `14,1,2010,9,10,first\n15,1,2010,9,3,also third\n`,
    });
    expect(questions).toEqual([
      {
        id: '9',
        title: 'Is a < b?',
        body: 'Why & how',
        score: 7,
        answers: [
          { id: '14', body: 'first', score: 10, accepted: true },
          { id: '12', body: 'third', score: 3, accepted: false },
          { id: '15', body: 'also third', score: 3, accepted: false },
          { id: '13', body: 'last', score: -2, accepted: false },
        ],
      },
      {
        id: '2',
        title: 'Second',
        body: 'x',
        score: -1,
        answers: [{ id: '11', body: 'only', score: 0, accepted: true }],
      },
    ]);
  });

  test('the encoding of each file, detected or asked for, stands in the manifest', async () => {
    const answers = Buffer.from(
      `${answersHeader}101,NA,2010,1,1,"Wie kocht man ein Ei? Das Ei in kaltem Wasser zum Kochen bringen und acht Minuten k\xf6cheln. Das Brot l\xe4sst man \xfcber Nacht ruhen."\n`,
      'latin1',
    );
    const { manifest, questions } = await importPair({ answers });
    expect(manifest.source.files.map(({ name, encoding }) => [name, encoding])).toEqual([
      ['Questions.csv', 'utf-8'],
      ['Answers.csv', 'latin-1'],
    ]);
    expect(questions[0]!.answers[0]!.body).toBe(
      'Wie kocht man ein Ei? Das Ei in kaltem Wasser zum Kochen bringen und acht Minuten köcheln. Das Brot lässt man über Nacht ruhen.',
    );
    const error = await labError(importPair({ answers }, { encoding: 'utf-8' }), 'data');
    expect(error.message).toContain('Answers.csv is not UTF-8: byte');
  });

  test('limit takes the first usable questions', async () => {
    const answers = answersHeader + answerRows(5).split('\n').slice(1).join('\n'); // question 1 has none
    const { questions, manifest } = await importPair({ answers }, { limit: 2 });
    expect(questions.map(({ id }) => id)).toEqual(['2', '3']);
    expect(manifest).toMatchObject({
      limit: 2,
      counts: { questions: 2, answers: 2 },
      excluded: { questionsWithoutAnswers: 1, orphanAnswers: null },
    });
    await labError(importPair({}, { limit: 0 }), 'usage');
  });

  test('counts of what was excluded and skipped, with reasons and places', async () => {
    const { manifest } = await importPair({
      questions:
        `${questionsHeader}${questionRows(5)}3,NA,2010,1,Again,"<p>duplicate</p>"\n6,NA,2010,NA,No score,x\n` +
        `7,NA,2010,1,,"<p>&nbsp;</p>"\n8,NA,2010,1,No answer,x\n,NA,2010,1,No id,x\n`,
      answers:
        `${answersHeader}${answerRows(5)}101,NA,2010,2,1,duplicate\n201,NA,2010,1,many,no score\n` +
        `202,NA,2010,1,1,"<img src=""x"">"\n203,NA,2010,999,1,orphan\n204,NA,2010,,1,no parent\n`,
    });
    expect(manifest.counts).toEqual({ questions: 5, answers: 5, questionsWithOneAnswer: 5, questionsWithTwoOrMore: 0 });
    expect(manifest.excluded).toEqual({ questionsWithoutAnswers: 1, orphanAnswers: 1 });
    expect(manifest.skipped.total).toBe(8);
    expect(manifest.skipped.byReason).toEqual({
      'duplicate id': 2,
      'score is not a number': 2,
      'no text': 2,
      'empty id': 2,
    });
    expect(manifest.skipped.examples).toContainEqual({
      file: 'Answers.csv',
      where: 'line 8, column Score',
      reason: 'score is not a number',
      found: 'many',
    });
  });

  test('progress ends at the total', async () => {
    const seen: ImportProgress[] = [];
    await importPair({}, { onProgress: (progress) => seen.push(progress) });
    expect([...new Set(seen.map(({ stage }) => stage))]).toEqual(['checking', 'answers', 'questions']);
    expect(seen.at(-1)!.bytesRead).toBe(seen.at(-1)!.bytesTotal);
  });
});

describe('what is refused', () => {
  test('scores most of which are no numbers', async () => {
    const answers = answersHeader + answerRows(5).replaceAll(/,(\d+),"/g, ',n/a,"');
    const error = await labError(importPair({ answers }), 'data');
    expect(error.message).toContain('Answers.csv: 5 of 5 rows cannot be used: 5 × score is not a number');
    expect(error.message).toContain('line 2, column Score: "n/a"');
  });

  test('the two files swapped', async () => {
    const error = await labError(importPair({ questions: answersHeader, answers: questionsHeader }), 'data');
    expect(error.message).toContain('Answers.csv has no column "ParentId"');
  });

  test('files that have no id in common, with an id of each', async () => {
    const answers = answersHeader + answerRows(5).replaceAll(/2010,(\d+)/g, '2010,9$1');
    const error = await labError(importPair({ answers }), 'data');
    expect(error.message).toContain(
      'Questions.csv and Answers.csv have no id in common: Questions.csv has "1" in Id, Answers.csv has "91" in ParentId.',
    );
  });
});

test('aborting rejects with the reason and leaves nothing behind', async () => {
  const controller = new AbortController();
  const home = join(dataFolder(), 'home');
  const onProgress = ({ stage }: ImportProgress): void => {
    if (stage === 'questions') controller.abort(new Error('stopped'));
  };
  await expect(importPair({}, { home, signal: controller.signal, onProgress })).rejects.toThrow('stopped');
  expect(readdirSync(join(home, 'datasets'))).toEqual([]);
});
