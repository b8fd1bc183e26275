/** Time and memory of the import of a large generated Posts.xml, in a separate process. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { randomStream, type Random } from '../../../src/lab/base/random.ts';
import { say } from '../child.ts';
import { plain, under, type Figure } from '../figures.ts';
import { importInProcess, type ImportFigures } from '../processes/importProcess.ts';
import { htmlBody, words, writeLines } from '../madeUpPosts.ts';
import type { BenchOptions, BenchPart } from '../part.ts';
import { inTemporaryFolder } from '../../harness/temporaryFolder.ts';

export const posts: BenchPart = { what: 'the import of a large Posts.xml', devices: ['cpu'], short: true, run };

async function run({ scale }: BenchOptions): Promise<Figure[]> {
  const bytes = scale === 'long' ? 2e9 : 1e6;
  say(`Import of a Posts.xml of ${bytes / 1e6} MB`);
  const { seconds, peakMegabytes, inputMegabytes } = await importMadeUp(bytes);
  return [
    plain(
      `import of a Posts.xml of ${inputMegabytes.toFixed(0)} MB`,
      `${seconds.toFixed(0)} s, ${(inputMegabytes / seconds).toFixed(0)} MB/s`,
    ),
    under('peak memory of the import of Posts.xml', peakMegabytes, 500, 'MB'),
  ];
}

/** Generates a Posts.xml of the given size and imports it. */
async function importMadeUp(bytes: number): Promise<ImportFigures & { readonly inputMegabytes: number }> {
  return inTemporaryFolder(async (folder) => {
    const file = join(folder, 'Posts.xml');
    await generatePosts(file, bytes);
    const { size } = await stat(file);
    return { ...(await importInProcess({ kind: 'posts', file }, join(folder, 'home'))), inputMegabytes: size / 1e6 };
  });
}

/**
 * Posts ordered by date, as in a dump. Of ten posts, four are questions, five are answers to an earlier question
 * (usually a recent one), and one is of another kind.
 */
async function generatePosts(path: string, bytes: number): Promise<void> {
  const random = randomStream(1, 'resampling', 'bench-posts');
  const questions: number[] = [];
  await writeLines(
    path,
    function* () {
      yield '\ufeff<?xml version="1.0" encoding="utf-8"?>\n<posts>';
      for (let id = 1, written = 0; written < bytes; id++) {
        const row = `  <row ${postAttributes(id, questions, random)} Body="${escaped(htmlBody(random))}" />`;
        written += row.length + 1;
        yield row;
      }
      yield '</posts>';
    },
    'utf8',
  );
}

function postAttributes(id: number, questions: number[], random: Random): string {
  const kind = questions.length === 0 ? 0 : random.integer(10);
  const common = `Id="${id}" CreationDate="2016-08-02T15:39:14.947" Score="${random.integer(30) - 3}"`;
  if (kind === 9) return `${common} PostTypeId="5"`;
  if (kind < 4) {
    questions.push(id);
    return `${common} PostTypeId="1" Title="${words(random, 8)}" Tags="&lt;regression&gt;" AnswerCount="1"`;
  }
  const back = random.integer(10) === 0 ? questions.length : Math.min(200, questions.length);
  return `${common} PostTypeId="2" ParentId="${questions[questions.length - 1 - random.integer(back)]}"`;
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\n', '&#xA;');
}
