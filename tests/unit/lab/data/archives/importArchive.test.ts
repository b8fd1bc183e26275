import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { importArchive, type ArchiveProgress } from '../../../../../src/lab/data/archives/importArchive.ts';
import { readDataset } from '../../../../../src/lab/data/datasetFolder.ts';
import { requireFreeSpace } from '../../../../../src/lab/files/freeSpace.ts';
import { LabError } from '../../../../../src/shared/errors.ts';
import { labError } from '../../../../helpers/dataFiles.ts';
import { temporaryFolder } from '../../../../helpers/syntheticStore.ts';
import { tinyQuestions, writeCsvPair } from '../../../../helpers/tinyData.ts';
import { zipOf, type ZippedFile } from '../../../../helpers/zipWriter.ts';

vi.mock('../../../../../src/lab/files/freeSpace.ts', { spy: true });

/** The files of a Kaggle set. */
function tinyFiles(): { questions: ZippedFile; answers: ZippedFile; tags: ZippedFile } {
  const { questions, answers } = writeCsvPair(temporaryFolder());
  return {
    questions: { name: 'Questions.csv', content: readFileSync(questions) },
    answers: { name: 'Answers.csv', content: readFileSync(answers) },
    tags: { name: 'Tags.csv', content: 'Id,Tag\n1,kernel\n' },
  };
}

function setUp(files: readonly ZippedFile[]) {
  const folder = temporaryFolder();
  const [home, archive] = [join(folder, 'home'), join(folder, 'archive.zip')];
  mkdirSync(join(home, 'datasets'), { recursive: true });
  writeFileSync(archive, zipOf(files));
  return {
    folder,
    archive,
    datasets: join(home, 'datasets'),
    importIt: (options = {}) => importArchive({ home, name: 'tiny', archive, ...options }),
  };
}

test('an archive becomes a dataset that tells where it comes from; stages go forward to their ends', async () => {
  const { questions, answers, tags } = tinyFiles();
  const at = setUp([answers, questions, tags]);
  const progress: ArchiveProgress[] = [];
  const { folder, manifest } = await at.importIt({ onProgress: (each: ArchiveProgress) => progress.push(each) });
  expect((await readDataset(folder)).questions).toHaveLength(tinyQuestions().length);
  expect(manifest.source).toMatchObject({ kind: 'csv', files: [{ name: 'Questions.csv' }, { name: 'Answers.csv' }] });
  expect(manifest.origin).toEqual({
    reference: 'archive.zip',
    sha256: createHash('sha256').update(readFileSync(at.archive)).digest('hex'),
  });
  expect([...new Set(progress.map(({ stage }) => stage))]).toEqual(['checking', 'unpacking', 'importing']);
  for (const stage of ['checking', 'unpacking', 'importing'] as const) {
    const { done, total } = progress.findLast((each) => each.stage === stage)!;
    expect(done).toBe(total);
  }
  expect(readdirSync(at.datasets)).toEqual(['tiny']);
});

test('files in a folder, and files that are packed once more', async () => {
  const { questions, answers } = tinyFiles();
  const at = setUp([
    { ...questions, name: 'data/questions.CSV' },
    { name: 'data/Answers.csv.zip', content: zipOf([answers]), stored: true },
  ]);
  expect((await at.importIt()).manifest.counts).toMatchObject({ questions: 40, answers: 100 });
  expect(readdirSync(at.datasets)).toEqual(['tiny']);
});

const { questions, answers } = {
  questions: { name: 'Questions.csv', content: 'Id\n' },
  answers: { name: 'Answers.csv', content: 'Id\n' },
};

test.each<[string, readonly ZippedFile[], RegExp]>([
  [
    'no Answers.csv',
    [questions, { name: 'Tags.csv', content: '' }],
    /^archive\.zip has no Answers\.csv\. It holds Questions\.csv, Tags\.csv\.$/,
  ],
  ['nothing', [], /has no Questions\.csv\. It holds nothing\./],
  [
    'two of them',
    [questions, answers, { ...answers, name: 'old/Answers.csv' }],
    /has more than one Answers\.csv: Answers\.csv and old\/Answers\.csv/,
  ],
  [
    'a slip beside them',
    [questions, answers, { name: '../evil', content: '' }],
    /"\.\.\/evil": its path leads out of the folder/,
  ],
  [
    'a bomb within',
    [
      questions,
      {
        name: 'Answers.csv.zip',
        content: zipOf([{ name: 'Answers.csv', content: Buffer.alloc(20 * 2 ** 20) }]),
        stored: true,
      },
    ],
    /Answers\.csv\.zip is refused because of its entry "Answers\.csv": it claims to be 20,971,520 bytes/,
  ],
  ['a wrong checksum', [questions, { ...answers, crc: 1 }], /"Answers\.csv": it is damaged/],
  ['columns of something else', [questions, answers], /Answers\.csv has no column "ParentId"/],
])('an archive with %s leaves neither a dataset nor anything unpacked, and stays itself', async (_, files, message) => {
  const at = setUp(files);
  const before = readFileSync(at.archive);
  expect((await labError(at.importIt(), 'data')).message).toMatch(message);
  expect(readdirSync(at.datasets)).toEqual([]);
  expect(readdirSync(at.folder).sort()).toEqual(['archive.zip', 'home']);
  expect(readFileSync(at.archive)).toEqual(before);
});

test('room for what is unpacked is asked for before it is written', async () => {
  const { questions, answers } = tinyFiles();
  const at = setUp([questions, answers]);
  const unpacked = questions.content.length + answers.content.length;
  onTestFinished(() => void vi.mocked(requireFreeSpace).mockReset());
  vi.mocked(requireFreeSpace).mockImplementation((folder, bytes, purpose) => {
    if (purpose !== 'Unpacking archive.zip') return;
    expect(bytes).toBe(unpacked);
    expect(readdirSync(folder)).toEqual([]);
    throw new LabError('storage', `${purpose} needs more than there is.`);
  });
  expect((await labError(at.importIt(), 'storage')).message).toBe('Unpacking archive.zip needs more than there is.');
  expect(readdirSync(at.datasets)).toEqual([]);
});

test('a name that is taken is told before the archive is looked at', async () => {
  const at = setUp([]);
  mkdirSync(join(at.datasets, 'tiny'));
  expect((await labError(at.importIt(), 'usage')).message).toContain('A dataset "tiny" already exists');
});

test.each(['checking', 'unpacking', 'importing'])(
  'cancelled while %s, it ends with the reason and leaves nothing',
  async (stage) => {
    const { questions, answers } = tinyFiles();
    const at = setUp([questions, answers]);
    const controller = new AbortController();
    const reason = new Error('enough');
    const onProgress = (progress: ArchiveProgress) => progress.stage === stage && controller.abort(reason);
    await expect(at.importIt({ signal: controller.signal, onProgress })).rejects.toBe(reason);
    expect(readdirSync(at.datasets)).toEqual([]);
  },
);
