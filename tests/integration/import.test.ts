import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Manifest } from '../../src/shared/manifest.ts';
import { losslab, losslabJson } from '../helpers/commandLine.ts';
import { sharedFolder } from '../helpers/sharedFolder.ts';

const folder = sharedFolder();
const home = join(folder, 'home');

/** A file in the shared folder; its path. */
function write(path: string, content: string): string {
  const file = join(folder, path);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, content);
  return file;
}

test('--posts: a folder of a dump, named after its site', async () => {
  const file = write(
    'dump/dba.stackexchange.com/Posts.xml',
    '<posts><row Id="1" PostTypeId="1" Score="2" Title="T" Body="B"/><row Id="2" PostTypeId="2" ParentId="1" Score="1" Body="A"/><row Id="3" PostTypeId="5"/></posts>',
  );
  const { code, stdout } = await losslab(home, 'import', '--posts', join(file, '..'));
  expect(code).toBe(0);
  expect(stdout).toContain('Dataset dba-stackexchange-com: 1 question, 1 answer');
  expect(stdout).toContain(
    'excluded: 0 questions without answers, 0 answers without their question, 1 post of other kinds',
  );
  expect(stdout).toContain('licence: CC BY-SA 2.5, 3.0 or 4.0, by the date of each post');
});

describe('your own file', () => {
  const csv = write('own file.csv', 'Query;Text;Grade\nx;one;1\nx;two;2\ny;three;?\ny;four;1\n');

  test('columns are named where they are not recognised, and what was understood is told', async () => {
    const { code, stdout } = await losslab(home, 'import', '--csv', csv, '--columns', 'answer=Text,score=Grade');
    expect(code).toBe(0);
    expect(stdout).toContain('Dataset own-file: 2 questions, 3 answers');
    expect(stdout).toContain('columns: question=Query, answer=Text, score=Grade, separated by semicolons');
    expect(stdout).toContain(
      'skipped: 1 row: score is not a number\n    e.g. own file.csv, line 4, column Grade: score is not a number',
    );
  });

  test('without a score, every answer counts 1, and that is told', async () => {
    const { stdout } = await losslab(
      home,
      'import',
      '--csv',
      csv,
      '--columns',
      'answer=Text,score=',
      '--name',
      'unscored',
    );
    expect(stdout).toContain('4 answers without a score: each gets score 1');
  });

  test('TSV and JSON lines', async () => {
    const tsv = write('own.tsv', 'question\tanswer\nx\tone\n');
    const jsonl = write('own.jsonl', '{"question": "x", "answers": [{"text": "one", "score": 4}]}\n');
    for (const [option, file] of [
      ['--tsv', tsv],
      ['--jsonl', jsonl],
    ] as const) {
      const { manifest } = await losslabJson<{ manifest: Manifest }>(
        home,
        'import',
        option,
        file,
        '--name',
        `own${option}`,
      );
      expect(manifest).toMatchObject({ source: { kind: 'table' }, counts: { questions: 1, answers: 1 } });
    }
  });
});

test('--beir takes the judgements of a split', async () => {
  write('beir/corpus.jsonl', '{"_id": "d", "text": "a document"}\n{"_id": "e", "text": "another"}\n');
  write('beir/queries.jsonl', '{"_id": "q", "text": "a query"}\n');
  write('beir/qrels/dev.tsv', 'query-id\tcorpus-id\tscore\nq\td\t2\n');
  const { code, stdout } = await losslab(home, 'import', '--beir', join(folder, 'beir'), '--split', 'dev');
  expect(code).toBe(0);
  expect(stdout).toContain('Dataset beir: 1 question, 1 answer');
  expect(stdout).toContain('1 document not relevant to any query');
  const { code: failed, stderr } = await losslab(
    home,
    'import',
    '--beir',
    join(folder, 'beir'),
    '--name',
    'test-split',
  );
  expect(failed).toBe(1);
  expect(stderr).toMatch(/test\.tsv cannot be read: no such file/);
});

describe.concurrent('mistakes', () => {
  const csv = write('mistakes.csv', 'a,b\nx,y\n');
  test.each([
    [
      'no source',
      [],
      /An import needs exactly one source: --questions with --answers, --archive, --posts, --csv, --tsv, --jsonl, --beir, or --json with a file; none is given\./,
    ],
    ['two sources', ['--csv', csv, '--beir', folder], /--csv and --beir are given\./],
    ['the first of a pair', ['--questions', csv], /--questions and --answers belong together/],
    [
      'the second of a pair',
      ['--answers', csv],
      /--questions and --answers belong together: give all of them\.\nFor example: losslab import --questions Questions\.csv --answers Answers\.csv/,
    ],
    ['an empty path', ['--posts', ''], /argument '' is invalid\. Expected a path\./],
    [
      'columns that are not recognised',
      ['--csv', csv],
      /mistakes\.csv has no column that was recognised as the question\. Columns found: a, b\.\nName it: --columns question=<column>/,
    ],
    [
      'a column that is not there',
      ['--csv', csv, '--columns', 'question=a,answer=c'],
      /mistakes\.csv has no column "c"\. Columns found: a, b\./,
    ],
    [
      'an unknown role',
      ['--csv', csv, '--columns', 'query=a'],
      /--columns: "query=a" is not <role>=<column>\.\nRoles: question, answer,/,
    ],
    [
      'a mapping without a column',
      ['--csv', csv, '--columns', 'question'],
      /--columns: "question" is not <role>=<column>/,
    ],
    ['an unknown encoding', ['--csv', csv, '--encoding', 'klingon'], /Unknown encoding "klingon"/],
  ])('%s', async (_, args, message) => {
    const { code, stderr } = await losslab(home, 'import', ...args);
    expect(code).toBe(1);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^ +at /m);
  });
});
