import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { importDataset } from '../../../../src/lab/data/importDataset.ts';
import { readDataset } from '../../../../src/lab/data/datasetFolder.ts';
import { dataFolder, realData } from '../../../helpers/dataFiles.ts';

/** Questions, answered questions, questions with two answers or more, answers: as the data's own readme counts them. */
const sites: [string, string, number, number, number, number][] = [
  ['se-ai', 'latin-1', 604, 514, 255, 1004],
  ['se-coffee', 'latin-1', 225, 212, 82, 327],
  ['se-matheducators', 'latin-1', 397, 384, 311, 1507],
  ['kaggle-stacksample-head', 'utf-8', 10, 10, 8, 60],
];

describe.each(sites)('%s', (name, encoding, questions, answered, withTwo, answers) => {
  const site = realData(name);
  test.skipIf(site === undefined)('every row is used or accounted for (needs ../shared/data)', async () => {
    const source = {
      kind: 'csv',
      questions: join(site!, 'Questions.csv'),
      answers: join(site!, 'Answers.csv'),
    } as const;
    const { folder, manifest } = await importDataset({ home: dataFolder(), name, source });
    expect(manifest.source.files.map((file) => file.encoding)).toEqual([encoding, encoding]);
    expect(manifest.counts).toEqual({
      questions: answered,
      answers,
      questionsWithOneAnswer: answered - withTwo,
      questionsWithTwoOrMore: withTwo,
    });
    expect(manifest.excluded).toEqual({ questionsWithoutAnswers: questions - answered, orphanAnswers: 0 });
    expect(manifest.skipped.total).toBe(0);
    const read = await readDataset(folder);
    expect(read.questions).toHaveLength(answered);
    const text = JSON.stringify(read.questions);
    expect(text).not.toMatch(/<\/p>|&nbsp;|&quot;/);
  });
});
