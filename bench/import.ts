/** How long the import of a large CSV pair takes, and how much memory: generated, in a process of its own. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { importDataset } from '../src/lab/data/importDataset.ts';
import { randomStream, type Random } from '../src/lab/random.ts';

export interface ImportFigures {
  readonly questions: number;
  readonly answers: number;
  /** Of both files. */
  readonly inputMegabytes: number;
  readonly seconds: number;
  /** Peak resident memory of the importing process, Node itself included. */
  readonly peakMegabytes: number;
}

/** Generates a pair of files with so many questions (Kaggle's statsquestions has 85,085) and imports it. */
export async function benchImport(questions = 85_000): Promise<ImportFigures> {
  const folder = await mkdtemp(join(tmpdir(), 'losslab-bench-import-'));
  try {
    await generatePair(folder, questions);
    const sizes = await Promise.all(['Questions.csv', 'Answers.csv'].map((name) => stat(join(folder, name))));
    const inputMegabytes = sizes.reduce((sum, { size }) => sum + size, 0) / 1e6;
    return { ...(await importInChild(folder)), inputMegabytes };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

type ChildFigures = Omit<ImportFigures, 'inputMegabytes'>;

async function importInChild(folder: string): Promise<ChildFigures> {
  const child = fork(fileURLToPath(import.meta.url), ['--child', folder]);
  const figures = await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => {
      throw new Error(`The importing process ended early with code ${code}.`);
    }),
  ]);
  return figures[0] as ChildFigures;
}

async function measureImport(folder: string): Promise<ChildFigures> {
  const start = performance.now();
  const { manifest } = await importDataset({
    home: join(folder, 'home'),
    name: 'bench',
    source: { kind: 'csv', questions: join(folder, 'Questions.csv'), answers: join(folder, 'Answers.csv') },
  });
  return {
    questions: manifest.counts.questions,
    answers: manifest.counts.answers,
    seconds: (performance.now() - start) / 1000,
    peakMegabytes: (process.resourceUsage().maxRSS * 1024) / 1e6,
  };
}

/** Latin-1, as the published files are; 1 to 3 answers per question, bodies of about 1 kB. */
async function generatePair(folder: string, questions: number): Promise<void> {
  const random = randomStream(1, 'resampling', 'bench-import');
  const id = (index: number): number => 10 * (index + 1);
  await writeLines(join(folder, 'Questions.csv'), function* () {
    yield 'Id,OwnerUserId,CreationDate,Score,Title,Body';
    for (let q = 0; q < questions; q++) {
      yield `${id(q)},NA,2010-07-19T19:14:44Z,${random.integer(40) - 3},"${words(random, 8)}","${htmlBody(random)}"`;
    }
  });
  await writeLines(join(folder, 'Answers.csv'), function* () {
    yield 'Id,OwnerUserId,CreationDate,ParentId,Score,Body';
    let answer = 10 * (questions + 1);
    for (let q = 0; q < questions; q++) {
      const count = 1 + random.integer(3);
      for (let n = 0; n < count; n++) {
        // Some answers come long after their question, as in a file ordered by date.
        const parent = random.integer(10) === 0 ? random.integer(questions) : q;
        yield `${answer++},${random.integer(5000)},2010-07-19T19:14:44Z,${id(parent)},${random.integer(30) - 3},"${htmlBody(random)}"`;
      }
    }
  });
}

async function writeLines(path: string, lines: () => Generator<string>): Promise<void> {
  const stream = createWriteStream(path, { encoding: 'latin1', highWaterMark: 1024 * 1024 });
  for (const line of lines()) if (!stream.write(`${line}\n`)) await once(stream, 'drain');
  stream.end();
  await once(stream, 'close');
}

const vocabulary =
  'the variance of a linear model is naïve when x &lt; 5 and the prior says that mean values differ from Gaußian noise so we fit again with less regularisation'.split(
    ' ',
  );

function words(random: Random, count: number): string {
  return Array.from({ length: count }, () => vocabulary[random.integer(vocabulary.length)]!).join(' ');
}

function htmlBody(random: Random): string {
  const paragraph = (): string => `<p>${words(random, 26 + random.integer(48))}</p>\n`;
  const link = `<a href=""http://example.org/${random.integer(1000)}"" rel=""nofollow"">${words(random, 3)}</a>\n`;
  return `${paragraph()}${link}<pre><code>y &lt;- lm(a ~ b, data = d)\n</code></pre>\n${paragraph()}${paragraph()}`;
}

if (process.argv[2] === '--child') {
  process.send!(await measureImport(process.argv[3]!));
} else if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const figures = await benchImport();
  console.log(
    `import of ${figures.questions} questions, ${figures.answers} answers (${figures.inputMegabytes.toFixed(0)} MB): ` +
      `${figures.seconds.toFixed(1)} s (at most 60), peak memory ${figures.peakMegabytes.toFixed(0)} MB (at most 500)`,
  );
}
