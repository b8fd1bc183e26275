import { readFileSync } from 'node:fs';
import type { Question } from '../../src/lab/data/dataset.ts';

/** The questions that come with LossLab. */
export function sampleQuestions(): Question[] {
  return readFileSync(new URL('../../resources/sample/questions.jsonl', import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Question);
}
