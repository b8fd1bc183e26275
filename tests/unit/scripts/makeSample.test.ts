import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeSample, sampleFolder } from '../../../scripts/make-sample.ts';
import { parseConcepts } from '../../../scripts/sample/concepts.ts';
import { questionText, type Question } from '../../../src/lab/data/dataset.ts';

const committed = readFileSync(join(sampleFolder, 'questions.jsonl'), 'utf8');
const questions = committed
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as Question);
const answers = questions.flatMap((question) => question.answers);
const texts = [...questions.map(questionText), ...answers.map(({ body }) => body)];

describe('the shipped sample', () => {
  it('is what `node scripts/make-sample.ts` writes', () => {
    expect(makeSample() === committed).toBe(true);
  });

  it('has 400 or more questions of three to five answers, ranked by votes', () => {
    expect(questions.length).toBeGreaterThanOrEqual(400);
    for (const { answers } of questions) {
      const scores = answers.map(({ score }) => score);
      expect(scores.length).toBeGreaterThanOrEqual(3);
      expect(scores.length).toBeLessThanOrEqual(5);
      expect(scores).toEqual(scores.toSorted((one, other) => other - one));
      expect(answers.filter(({ accepted }) => accepted).length).toBeLessThanOrEqual(1);
    }
  });

  it('repeats no text and no id', () => {
    const ids = [...questions, ...answers].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(new Set(texts).size).toBe(texts.length);
  });

  it('has texts of 15 to 90 words, without a trace of the templates', () => {
    const odd = texts.filter((text) => {
      const words = text.split(' ').length;
      return words < 15 || words > 90 || /[{}|]|\s{2}|^[a-z]/.test(text);
    });
    expect(odd).toEqual([]);
  });
});

describe('a file of concepts', () => {
  const concept = '# trees\nrelated: forests\nsituation: S.\nfact: F.\nadvice: A.\nmyth: M.\n';

  it('gives the parts of each concept', () => {
    expect(parseConcepts(`${concept}ask: Why?\nmore: Note: x.\nbest: So.\n`, 'a.txt')).toEqual([
      {
        name: 'trees',
        related: ['forests'],
        situations: ['S.'],
        facts: ['F.'],
        advice: ['A.'],
        myths: ['M.'],
        asks: [{ title: 'Why?', more: 'Note: x.', best: 'So.' }],
      },
    ]);
  });

  it('is refused with the place of what is missing or misplaced', () => {
    expect(() => parseConcepts(concept, 'a.txt')).toThrow('a.txt: "trees" has no asks.');
    expect(() => parseConcepts(`${concept}ask: Why?\nbest: So.\n`, 'a.txt')).toThrow(
      'a.txt, trees: expected ask, more, best',
    );
  });
});
