import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { importArchive } from '../../../src/lab/data/archives/importArchive.ts';
import { readDataset } from '../../../src/lab/data/datasetFolder.ts';
import { LabError } from '../../../src/shared/errors.ts';
import { filesOf } from '../../../tests/helpers/hubServer.ts';
import { writeCsvPair } from '../../../tests/helpers/tinyData.ts';
import { zipOf, type ZippedFile } from '../../../tests/helpers/zipWriter.ts';
import { lineOf, type FaultLine } from '../lines.ts';

/** Archives whose entries leave their folder, are links, lie about sizes, or explode. */

type Pair = readonly [questions: ZippedFile, answers: ZippedFile];

const outside = [
  '../Questions.csv',
  '../../Questions.csv',
  '/Questions.csv',
  '/etc/Questions.csv',
  'C:\\Questions.csv',
  'C:Questions.csv',
  '..\\Questions.csv',
  'a/../../Questions.csv',
  'a\\..\\..\\Questions.csv',
  '//host/share/Questions.csv',
  '\\\\host\\share\\Questions.csv',
  './../Questions.csv',
  'Questions.csv/../../Questions.csv',
  '..',
  'Questions.csv\0.txt',
];

function evilArchives([questions, answers]: Pair): readonly (readonly [what: string, bytes: Buffer])[] {
  const bomb = (megabytes: number): Buffer => Buffer.alloc(megabytes * 2 ** 20, 'a');
  const pair = (change: Partial<ZippedFile>): Buffer => zipOf([{ ...questions, ...change }, answers]);
  return [
    ...outside.map((name) => [`an entry named ${JSON.stringify(name)}`, pair({ name })] as const),
    ...outside.map(
      (name) =>
        [`an entry that begins as ${JSON.stringify(name)} and is listed otherwise`, pair({ localName: name })] as const,
    ),
    ...outside.map(
      (name) =>
        [
          `a further entry named ${JSON.stringify(name)}`,
          zipOf([questions, answers, { name, content: 'evil' }]),
        ] as const,
    ),
    ['a link', pair({ content: '/etc/passwd', mode: 0o120777 })],
    ['a device', pair({ mode: 0o020666 })],
    ['a pipe', pair({ mode: 0o010666 })],
    ['64 MB in some kilobytes', pair({ content: bomb(64) })],
    ['64 MB that claim to be 10 bytes', pair({ content: bomb(64), size: 10 })],
    ['64 MB that claim to be 4 GB', pair({ content: bomb(64), size: 0xfffffffe })],
    [
      'an archive in an archive in an archive',
      zipOf([
        { name: 'Questions.csv.zip', content: zipOf([{ name: 'Questions.csv.zip', content: zipOf([questions]) }]) },
        answers,
      ]),
    ],
    [
      'a bomb in an archive',
      zipOf([{ name: 'Questions.csv.zip', content: zipOf([{ ...questions, content: bomb(64) }]) }, answers]),
    ],
    ['two of the same name', zipOf([questions, questions, answers])],
    ['two entries in one place', zipOf([questions, { ...answers, offset: 0 }])],
    ['a place beyond the end', pair({ offset: 0x7fffffff })],
    ['a wrong checksum', pair({ crc: 1 })],
    ['encrypted', pair({ flags: 1 })],
    ['packed in an unknown way', pair({ method: 99 })],
    [
      '65,000 entries',
      zipOf([
        ...Array.from({ length: 65_000 }, (_, i) => ({ name: `x${i}`, content: '', stored: true })),
        questions,
        answers,
      ]),
    ],
  ];
}

const slowest = 20_000;

export async function archivesLine(folder: string): Promise<FaultLine> {
  const { questions, answers } = writeCsvPair(folder);
  const archives = evilArchives([
    { name: 'Questions.csv', content: readFileSync(questions) },
    { name: 'Answers.csv', content: readFileSync(answers) },
  ]);
  const outcomes: (string | null)[] = [];
  let refused = 0;
  const whole = await attempt(
    join(folder, 'archives'),
    zipOf([
      { name: 'Questions.csv', content: readFileSync(questions) },
      { name: 'Answers.csv', content: readFileSync(answers) },
    ]),
  );
  if (whole !== 'harmless') throw new Error(`A valid archive ${whole}`);
  for (const [what, bytes] of archives) {
    const outcome = await attempt(join(folder, 'archives'), bytes);
    if (outcome === 'refused') refused++;
    outcomes.push(outcome === 'refused' || outcome === 'harmless' ? null : `an archive with ${what}: ${outcome}`);
  }
  return lineOf(
    'archives that escape, lie or explode',
    outcomes,
    `${refused} refused, the others read as what they are`,
  );
}

/** An accepted archive must give a whole dataset, and nothing may be written elsewhere. */
async function attempt(folder: string, bytes: Buffer): Promise<string> {
  const home = join(folder, 'home');
  mkdirSync(join(home, 'datasets'), { recursive: true });
  const archive = join(folder, 'archive.zip');
  writeFileSync(archive, bytes);
  const begun = performance.now();
  const error = await importArchive({ home, name: 'x', archive, replace: true }).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (performance.now() - begun > slowest) return `took ${Math.round(performance.now() - begun)} ms`;
  const found = Object.keys(filesOf(folder)).filter(
    (name) => name !== 'archive.zip' && !name.startsWith('home/datasets/x/'),
  );
  if (found.length > 0) return `left ${found.join(', ')}`;
  if (error === null)
    return (await readDataset(join(home, 'datasets', 'x'))).questions.length > 0
      ? 'harmless'
      : 'came to an empty dataset';
  return error instanceof LabError ? 'refused' : `is told as a defect: ${String((error as Error).stack)}`;
}
