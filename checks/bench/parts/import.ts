/** Time and memory of the import of a large generated CSV pair, in a separate process. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { randomStream } from '../../../src/lab/base/random.ts';
import { say } from '../child.ts';
import { under, type Figure } from '../figures.ts';
import { importInProcess, type ImportFigures } from '../processes/importProcess.ts';
import { htmlBody, words, writeLines } from '../madeUpPosts.ts';
import type { BenchOptions, BenchPart } from '../part.ts';
import { inTemporaryFolder } from '../../harness/temporaryFolder.ts';
import type { ImportSource } from '../../../src/shared/sourceRequest.ts';

export const csvImport: BenchPart = { what: 'the import of a large CSV pair', devices: ['cpu'], short: true, run };

/** Kaggle's statsquestions has 85,085 questions. */
async function run({ scale }: BenchOptions): Promise<Figure[]> {
  const questions = scale === 'long' ? 85_000 : 500;
  const named = questions.toLocaleString('en');
  say(`Import of ${named} questions`);
  const { seconds, peakMegabytes, inputMegabytes } = await importMadeUp(questions);
  return [
    under(
      `import of ${named} questions (${inputMegabytes.toFixed(0)} MB of CSV)`,
      seconds,
      60,
      's',
      seconds.toFixed(1),
    ),
    under('its peak memory', peakMegabytes, 500, 'MB'),
  ];
}

/** Generates a pair of files with the given number of questions and imports it. */
export async function importMadeUp(questions: number): Promise<ImportFigures & { readonly inputMegabytes: number }> {
  return inTemporaryFolder(async (folder) => {
    const source = await generatePair(folder, questions);
    const sizes = await Promise.all([source.questions, source.answers].map((file) => stat(file)));
    const inputMegabytes = sizes.reduce((sum, { size }) => sum + size, 0) / 1e6;
    return { ...(await importInProcess(source, join(folder, 'home'))), inputMegabytes };
  });
}

/** Latin-1, like the published files; 1 to 3 answers per question, bodies of about 1 kB. */
async function generatePair(folder: string, questions: number): Promise<Extract<ImportSource, { kind: 'csv' }>> {
  const random = randomStream(1, 'resampling', 'bench-import');
  const id = (index: number): number => 10 * (index + 1);
  await writeLines(
    join(folder, 'Questions.csv'),
    function* () {
      yield 'Id,OwnerUserId,CreationDate,Score,Title,Body';
      for (let q = 0; q < questions; q++) {
        yield `${id(q)},NA,2010-07-19T19:14:44Z,${random.integer(40) - 3},"${words(random, 8)}","${htmlBody(random).replaceAll('"', '""')}"`;
      }
    },
    'latin1',
  );
  await writeLines(
    join(folder, 'Answers.csv'),
    function* () {
      yield 'Id,OwnerUserId,CreationDate,ParentId,Score,Body';
      let answer = 10 * (questions + 1);
      for (let q = 0; q < questions; q++) {
        const count = 1 + random.integer(3);
        for (let n = 0; n < count; n++) {
          // Some answers come long after their question, as in a file ordered by date.
          const parent = random.integer(10) === 0 ? random.integer(questions) : q;
          yield `${answer++},${random.integer(5000)},2010-07-19T19:14:44Z,${id(parent)},${random.integer(30) - 3},"${htmlBody(random).replaceAll('"', '""')}"`;
        }
      }
    },
    'latin1',
  );
  return { kind: 'csv', questions: join(folder, 'Questions.csv'), answers: join(folder, 'Answers.csv') };
}
