import { describe, expect, test } from 'vitest';
import { configurationKeys, resolveConfiguration } from '../../../../src/shared/configuration.ts';
import { importProblems, importRequestOf, nameFromFile, type ImportFields } from '../../../../src/renderer/features/wizard/model/importing.ts';
import { readSeeds } from '../../../../src/renderer/features/wizard/model/seeds.ts';
import { dataSettings, encoderSettings, evaluationSettings, lengthSettings, numberProblem, optimiserSettings, rangeInWords, type Setting } from '../../../../src/renderer/features/wizard/model/settings.ts';

describe('settings', () => {
  const shared = [{}, { encoder: 'mini' }, { encoder: 'distilbert' }, { encoder: './weights' }, { max_minutes: 3 }];
  const all = shared.flatMap((configuration) => [...dataSettings, ...encoderSettings(configuration), ...lengthSettings(configuration, 100), ...optimiserSettings(configuration, 100), ...evaluationSettings]);

  test('are keys of a configuration, and their defaults are accepted', () => {
    for (const { key } of all) expect(configurationKeys).toContain(key);
    for (const configuration of shared) {
      const defaults = Object.fromEntries(encoderSettings(configuration).map((setting) => [setting.key, setting.default]));
      expect(() => resolveConfiguration({ ...configuration, ...defaults })).not.toThrow();
    }
  });

  test('refuse what the schema refuses at the edges of their ranges', () => {
    const number = (key: string) => all.find((setting) => setting.key === key) as Extract<Setting, { kind: 'number' }>;
    for (const [key, value] of [['test_size', 1], ['dropout', 1], ['learning_rate', 0], ['max_length', 513], ['vocabulary_size', 199], ['batch_size', 1], ['epochs', 0.5], ['warmup_steps', -1], ['max_minutes', 0]] as const) {
      expect(numberProblem(number(key), value)).not.toBeNull();
      expect(() => resolveConfiguration({ encoder: 'mini', [key]: value })).toThrow(key);
    }
    expect(rangeInWords(number('test_size'))).toBe('more than 0, less than 1');
    expect(rangeInWords(number('max_length'))).toBe('8 to 512');
    expect(rangeInWords(number('epochs'))).toBe('1 or more');
  });
});

test('seeds are numbers between commas or spaces', () => {
  expect(readSeeds('1, 2 3;4')).toEqual({ seeds: [1, 2, 3, 4] });
  expect(readSeeds('')).toEqual({ problem: 'Give at least one seed.' });
  expect(readSeeds('1, two')).toEqual({ problem: 'Whole numbers from 0 are expected; found "two".' });
  expect(readSeeds('1 1')).toMatchObject({ problem: expect.stringMatching(/named twice/) as string });
  expect(readSeeds(Array.from({ length: 21 }, (_, i) => i).join(' '))).toMatchObject({ problem: 'At most 20 seeds; found 21.' });
});

describe('an import', () => {
  const questions = new File(['q'], 'Questions.csv');
  const answers = new File(['answers'], 'Answers.csv');
  const fields: ImportFields = { kind: 'csv', questions, answers, json: null, encoding: 'detect', limit: null, name: ' cooking ' };

  test('says what it misses', () => {
    expect(importProblems(fields, ['sample'])).toEqual([]);
    expect(importProblems({ ...fields, questions: null, answers: null, name: '' }, [])).toEqual(['Choose Questions.csv.', 'Choose Answers.csv.', 'Give the dataset a name.']);
    expect(importProblems({ ...fields, kind: 'json' }, [])).toEqual(['Choose ranked_qa.json.']);
    expect(importProblems({ ...fields, answers: questions }, [])[0]).toMatch(/same file/);
    expect(importProblems(fields, ['cooking'])[0]).toMatch(/already/);
    expect(importProblems({ ...fields, limit: 0.5 }, [])[0]).toMatch(/whole number from 1/);
  });

  test('becomes a request with files that the lab knows', async () => {
    const reference = (file: File) => Promise.resolve(`/known/${file.name}`);
    expect(await importRequestOf({ ...fields, limit: 10, encoding: 'latin-1' }, reference)).toEqual({ name: 'cooking', limit: 10, source: { kind: 'csv', questions: '/known/Questions.csv', answers: '/known/Answers.csv', encoding: 'latin-1' } });
    expect(await importRequestOf({ ...fields, kind: 'json', json: new File(['[]'], 'a.json') }, reference)).toEqual({ name: 'cooking', source: { kind: 'json', file: '/known/a.json' } });
  });

  test('is named after its file where that says something', () => {
    expect(nameFromFile(new File([], 'Cross Validated.json'))).toBe('cross-validated');
    expect(nameFromFile(questions)).toBe('');
  });
});
