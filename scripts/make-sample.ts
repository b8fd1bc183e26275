/**
 * Writes resources/sample/questions.jsonl from the concepts in scripts/sample/concepts/:
 *
 * node scripts/make-sample.ts
 *
 * The result is identical on every machine.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { manifestFor } from '../src/lab/data/datasetFolder.ts';
import { composeQuestions } from './sample/compose.ts';
import { readConcepts } from './sample/concepts.ts';

const root = join(import.meta.dirname, '..');

/** The dataset folder of the sample. */
export const sampleFolder = join(root, 'resources', 'sample');

/** The content of questions.jsonl: one question per line. */
export function makeSample(): string {
  const questions = composeQuestions(readConcepts(join(root, 'scripts', 'sample', 'concepts')), 1);
  return questions.map((question) => `${JSON.stringify(question)}\n`).join('');
}

/** Fixed, so that the manifest is identical, too. */
const provenance = {
  name: 'sample',
  created: '2026-11-23T00:00:00Z',
  source: { kind: 'made', files: [] },
  limit: null,
  skipped: { total: 0, byReason: {}, examples: [] },
  excluded: { questionsWithoutAnswers: 0, orphanAnswers: 0 },
  attribution: 'Made up for LossLab: no real posts, people or votes. MIT licence.',
} satisfies Parameters<typeof manifestFor>[1];

if (import.meta.main) {
  mkdirSync(sampleFolder, { recursive: true });
  writeFileSync(join(sampleFolder, 'questions.jsonl'), makeSample());
  await manifestFor(sampleFolder, provenance);
}
