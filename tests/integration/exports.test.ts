import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { exportFormats } from '../../src/lab/export/encoders/registry.ts';
import type { RetrievalValues } from '../../src/lab/evaluation/retrieval.ts';
import type { Comparison } from '../../src/shared/comparison.ts';
import { losslab, losslabJson } from '../helpers/commandLine.ts';
import { sharedFolder } from '../helpers/sharedFolder.ts';
import { tinyQuestions, writeCsvPair } from '../helpers/tinyData.ts';
import { tinyFinishedBert } from '../helpers/tinyEncoders.ts';

// Whole processes, several per test: a busy machine takes its time.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const folder = sharedFolder();
const home = join(folder, 'home');
const collection = join(folder, 'collection');

interface Evaluated {
  readonly metrics: RetrievalValues;
  readonly queries: number;
  readonly documents: number;
  readonly queries_without_relevant: number;
}

let run: string;
beforeAll(async () => {
  const csv = writeCsvPair(folder);
  await losslabJson(home, 'import', '--questions', csv.questions, '--answers', csv.answers, '--name', 'tiny');
  const { runs } = await losslabJson<Comparison>(
    home,
    'train',
    '--config',
    'infonce_standard',
    '--data',
    'tiny',
    '--device',
    'cpu',
    '--set',
    'batch_size=8',
    '--set',
    'epochs=2',
    '--set',
    'embed_dim=32',
  );
  run = runs[0]!.id;
  writeCollection();
});

/** Every question with its best answer as relevant, one question whose judgement says that nothing is. */
function writeCollection(): void {
  const questions = tinyQuestions();
  mkdirSync(join(collection, 'qrels'), { recursive: true });
  const lines = (items: readonly object[]): string => items.map((item) => `${JSON.stringify(item)}\n`).join('');
  writeFileSync(
    join(collection, 'queries.jsonl'),
    lines(questions.map(({ id, title }) => ({ _id: `q${id}`, text: title }))),
  );
  writeFileSync(
    join(collection, 'corpus.jsonl'),
    lines(
      questions.flatMap(({ answers }) => answers.map(({ id, body }) => ({ _id: `d${id}`, title: '', text: body }))),
    ),
  );
  const judgements = questions.map(({ id, answers }, index) => `q${id}\td${answers[0]!.id}\t${index === 0 ? 0 : 2}`);
  writeFileSync(join(collection, 'qrels', 'test.tsv'), `query-id\tcorpus-id\tscore\n${judgements.join('\n')}\n`);
}

describe('export-encoder', () => {
  test('writes a folder, and says where and how large', async () => {
    const out = join(folder, 'exported');
    const { code, stdout } = await losslab(
      home,
      'export-encoder',
      run,
      '--format',
      'sentence-transformers',
      '--out',
      out,
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Written to .*exported \([\d.]+ [kM]B\)\n$/);
    expect(readdirSync(out).sort()).toEqual([
      '0_StaticEmbedding',
      '1_Normalize',
      'README.md',
      'config_sentence_transformers.json',
      'modules.json',
    ]);
  });

  test('refuses to write over it, and names the formats there are', async () => {
    const again = await losslab(home, 'export-encoder', run, '--format', 'onnx', '--out', join(folder, 'exported'));
    expect(again).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('already exists and contains 5 files') as string,
    });
    expect((await losslab(home, 'export-encoder', run, '--format', 'pickle')).stderr).toContain(
      'Allowed choices are safetensors, sentence-transformers, onnx',
    );
  });

  test('--json', async () => {
    const { folder: written, bytes } = await losslabJson<{ folder: string; bytes: number }>(
      home,
      'export-encoder',
      run.slice(0, 4),
      '--format',
      'onnx',
    );
    expect(written.startsWith(join(home, 'exports'))).toBe(true);
    expect(bytes).toBeGreaterThan(10_000);
  });
});

describe('evaluate', () => {
  test('a run on a collection, with files that hold the same figures', async () => {
    const files = { csv: join(folder, 'queries.csv'), run: join(folder, 'run.txt'), qrels: join(folder, 'qrels.txt') };
    const { metrics, queries, documents, queries_without_relevant } = await losslabJson<Evaluated>(
      home,
      'evaluate',
      run,
      '--beir',
      collection,
      '--device',
      'cpu',
      '--per-query',
      files.csv,
      '--trec-run',
      files.run,
      '--trec-qrels',
      files.qrels,
    );
    expect({ queries, documents, queries_without_relevant }).toEqual({
      queries: 39,
      documents: 100,
      queries_without_relevant: 1,
    });

    // Worked out again from the two files for trec_eval, as that would.
    const relevant = new Map(table(files.qrels).map(([query, , document]) => [query!, document!]));
    const rankings = Map.groupBy(table(files.run), ([query]) => query!);
    expect(rankings.size).toBe(39);
    const reciprocal = [...rankings].map(([query, rows]) => {
      const order = rows.toSorted((a, b) => Number(b[4]) - Number(a[4])).map(([, , document]) => document);
      const rank = order.indexOf(relevant.get(query)) + 1;
      return rank >= 1 && rank <= 10 ? 1 / rank : 0;
    });
    expect(metrics['mrr@10']).toBeCloseTo(reciprocal.reduce((a, b) => a + b) / 39, 12);
    expect(metrics['mrr@10']).toBeGreaterThan(0.05);

    const [headings, ...rows] = readFileSync(files.csv, 'utf8')
      .trimEnd()
      .split('\r\n')
      .map((line) => line.split(','));
    expect(headings!.slice(0, 3)).toEqual(['query', 'mrr@10', 'ndcg@10']);
    expect(rows.reduce((sum, row) => sum + Number(row[2]), 0) / rows.length).toBeCloseTo(metrics['ndcg@10'], 12);
  });

  test('a folder of weights, and says what it did', async () => {
    const weights = join(folder, 'weights');
    mkdirSync(weights);
    exportFormats['sentence-transformers'].write(weights, tinyFinishedBert('mean'));
    const { code, stdout } = await losslab(home, 'evaluate', weights, '--beir', collection, '--device', 'cpu');
    expect(code).toBe(0);
    expect(stdout).toContain('39 queries against 100 documents');
    expect(stdout).toContain('excluded: 1 query without a relevant document');
    expect(stdout).toMatch(/ndcg@10 +0\.\d{4}/);
  });

  test.each([
    ['a run that is not there', ['nosuchrun', '--beir', collection], 'Run "nosuchrun" does not exist'],
    ['a folder that is not there', ['./nosuchfolder', '--beir', collection], 'nosuchfolder'],
    [
      'an encoder that was not fetched',
      ['hf:somebody/nothing', '--beir', collection],
      'losslab download hf:somebody/nothing',
    ],
    ['a collection without judgements of that split', ['RUN', '--beir', collection, '--split', 'dev'], 'dev.tsv'],
  ])('refuses %s', async (_, args, message) => {
    const { code, stderr } = await losslab(
      home,
      'evaluate',
      ...args.map((arg) => (arg === 'RUN' ? run : arg)),
      '--device',
      'cpu',
    );
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining(message) as string });
    expect(stderr).not.toMatch(/ {4}at /);
  });
});

function table(file: string): string[][] {
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(' '));
}
