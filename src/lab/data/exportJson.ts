import { rename, rm } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { Manifest } from '../../shared/manifest.ts';
import type { Question } from './dataset.ts';
import { syncFolder } from '../files/atomicFile.ts';
import { removeTemporaryFiles } from '../files/leftovers.ts';
import { asStorageError } from '../files/storage.ts';
import { TextFileWriter } from './textFile.ts';

/** Of a dataset's manifest. */
export type Rights = Pick<Manifest, 'attribution' | 'licence'>;

/**
 * Writes questions in the layout of ranked_qa.json: bodies as HTML, so that importing the file gives
 * the same questions again. Keys of that layout that a dataset does not have are empty.
 * Authors and licence are written with each question, because items are passed on alone.
 * An existing file is replaced when the new one is complete.
 *
 * @returns the number of questions written
 */
export async function exportJson(
  questions: Iterable<Question> | AsyncIterable<Question>,
  path: string,
  rights: Rights = {},
): Promise<number> {
  const beside = `${path}.${process.pid}-0.tmp`;
  let count = 0;
  try {
    removeTemporaryFiles(dirname(path), (file) => file === basename(path));
    const file = await TextFileWriter.create(beside);
    try {
      for await (const question of questions) {
        await file.write(`${count++ === 0 ? '[\n' : ',\n'}${JSON.stringify({ ...itemFrom(question), ...rights })}`);
      }
      await file.write(count === 0 ? '[]\n' : '\n]\n');
      await file.finish();
    } finally {
      await file.close();
    }
    await rename(beside, path);
    syncFolder(dirname(path));
    return count;
  } catch (error) {
    await rm(beside, { force: true }).catch(() => undefined); // the first error is the one to report
    throw asStorageError(error, path);
  }
}

function itemFrom({ id, title, body, score, answers }: Question) {
  return {
    question: {
      id,
      title,
      body: asHtml(body),
      score,
      view_count: 0,
      tags: '',
      accepted_answer_id: answers.find(({ accepted }) => accepted)?.id ?? null,
    },
    answers: answers.map((answer) => ({
      id: answer.id,
      body: asHtml(answer.body),
      score: answer.score,
      is_accepted: answer.accepted,
    })),
  };
}

function asHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
