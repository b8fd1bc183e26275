/** How long the import of a large CSV pair takes, and how much memory: generated, in a process of its own. */
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { randomStream } from '../src/lab/random.ts';
import { importInProcess, type ImportFigures } from './importProcess.ts';
import { htmlBody, words, writeLines } from './madeUpPosts.ts';

/** Generates a pair of files with so many questions (Kaggle's statsquestions has 85,085) and imports it. */
export async function benchImport(questions = 85_000): Promise<ImportFigures & { readonly inputMegabytes: number }> {
  const folder = await mkdtemp(join(tmpdir(), 'losslab-bench-import-'));
  try {
    await generatePair(folder, questions);
    const sizes = await Promise.all(['Questions.csv', 'Answers.csv'].map((name) => stat(join(folder, name))));
    const inputMegabytes = sizes.reduce((sum, { size }) => sum + size, 0) / 1e6;
    const source = { kind: 'csv', questions: join(folder, 'Questions.csv'), answers: join(folder, 'Answers.csv') } as const;
    return { ...(await importInProcess(source, join(folder, 'home'))), inputMegabytes };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Latin-1, as the published files are; 1 to 3 answers per question, bodies of about 1 kB. */
async function generatePair(folder: string, questions: number): Promise<void> {
  const random = randomStream(1, 'resampling', 'bench-import');
  const id = (index: number): number => 10 * (index + 1);
  await writeLines(join(folder, 'Questions.csv'), function* () {
    yield 'Id,OwnerUserId,CreationDate,Score,Title,Body';
    for (let q = 0; q < questions; q++) {
      yield `${id(q)},NA,2010-07-19T19:14:44Z,${random.integer(40) - 3},"${words(random, 8)}","${htmlBody(random).replaceAll('"', '""')}"`;
    }
  }, 'latin1');
  await writeLines(join(folder, 'Answers.csv'), function* () {
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
  }, 'latin1');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const figures = await benchImport();
  console.log(
    `import of ${figures.questions} questions, ${figures.answers} answers (${figures.inputMegabytes.toFixed(0)} MB): ` +
      `${figures.seconds.toFixed(1)} s (at most 60), peak memory ${figures.peakMegabytes.toFixed(0)} MB (at most 500)`,
  );
}
