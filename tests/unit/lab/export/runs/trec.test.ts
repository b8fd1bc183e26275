import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { buildCorpus } from '../../../../../src/lab/data/corpus.ts';
import { readDataset, readManifest } from '../../../../../src/lab/data/datasetFolder.ts';
import { sampleFolder } from '../../../../../src/lab/data/findDataset.ts';
import { splitQuestions } from '../../../../../src/lab/data/split.ts';
import { evaluate, textsToEncode, type Evaluation } from '../../../../../src/lab/evaluation/evaluator.ts';
import { plainSimilarities } from '../../../../../src/lab/evaluation/similarity.ts';
import { bm25OfRuns } from '../../../../../src/lab/evaluation/bm25OfRuns.ts';
import { nameTestSplit } from '../../../../../src/lab/export/runs/rankTestSplit.ts';
import { exportTrec } from '../../../../../src/lab/export/runs/trec.ts';
import type { Store } from '../../../../../src/lab/store/runStore.ts';
import { TextEmbedder } from '../../../../../src/lab/encoders/textEmbedder.ts';
import { fullCorpusMetricNames } from '../../../../../src/shared/metrics.ts';
import type { Run } from '../../../../../src/shared/history.ts';
import { finishedRun } from '../../../../helpers/finishedRun.ts';
import { createRun, temporaryFolder, temporaryStore } from '../../../../helpers/syntheticStore.ts';
import { tinyConfigurations, tinyFinished } from '../../../../helpers/tinyEncoders.ts';
import { trecMeasures } from '../../../../helpers/trecReader.ts';

// Its vocabulary knows few words of the sample: many texts share an embedding, so that ties decide.
const raw = { ...tinyConfigurations.static!, limit: 200 };

async function runOnSample(store: Store): Promise<Run> {
  const { content } = await readManifest(sampleFolder);
  return finishedRun(store, raw, { name: 'sample', hash: content.sha256 });
}

/** What the lab's own evaluation makes of that encoder. */
async function ownEvaluation({ configuration }: Run): Promise<Evaluation> {
  const { questions } = await readDataset(sampleFolder, { limit: 200 });
  const corpus = buildCorpus(questions);
  const { test_size: testSize, seed } = configuration;
  const { test } = splitQuestions(corpus.questions, { testSize, validationSize: 0, seed, method: 'losslab' });
  const embedder = await TextEmbedder.create(tinyFinished(raw), 'cpu');
  const texts = textsToEncode(test);
  const rows = new Map(texts.map((text, row) => [text, row]));
  return evaluate({
    questions: test,
    embeddings: await embedder.embed(texts.map((text) => corpus.texts[text]!)),
    dimension: 8,
    rowOf: (text) => rows.get(text)!,
    batchSize: 8,
    similarities: plainSimilarities,
  });
}

describe('files for trec_eval', () => {
  test('give its reader every full-corpus metric as the lab has it, question by question', async () => {
    const store = temporaryStore();
    const run = await runOnSample(store);
    const folder = join(temporaryFolder(), 'trec');
    const exported = await exportTrec(store, [run], folder);
    expect(readdirSync(folder).sort()).toEqual(['BM25_english.run', 'best.qrels', `${run.id}.run`, 'own.qrels'].sort());
    expect([...exported.files].sort()).toEqual(readdirSync(folder).sort());
    const { perQuery } = await ownEvaluation(run);
    expect(exported.questions).toBe(perQuery.question_ids.length);
    for (const [qrels, suffix] of [
      ['best.qrels', ''],
      ['own.qrels', '_own'],
    ] as const) {
      const measures = trecMeasures({ run: join(folder, `${run.id}.run`), qrels: join(folder, qrels) });
      expect([...measures.keys()]).toEqual(perQuery.question_ids);
      for (const name of fullCorpusMetricNames) {
        const values = perQuery.values[`${name}${suffix}`];
        for (const [i, id] of perQuery.question_ids.entries())
          expect(Math.abs(measures.get(id)![name]! - values[i]!), `${name}${suffix} of ${id}`).toBeLessThan(1e-6);
      }
    }
  });

  test('have BM25, with which its reader gets the figures of the tables, and say why an untrained encoder is missing', async () => {
    const store = temporaryStore();
    const run = await runOnSample(store);
    const { folder, missing } = await exportTrec(store, [run], join(temporaryFolder(), 'trec'));
    const [bm25] = await bm25OfRuns(store.home, [run]);
    for (const [qrels, suffix] of [
      ['best.qrels', ''],
      ['own.qrels', '_own'],
    ] as const) {
      const measures = trecMeasures({ run: join(folder, 'BM25_english.run'), qrels: join(folder, qrels) });
      for (const name of fullCorpusMetricNames) {
        const values = bm25!.results!.values[`${name}${suffix}`]!;
        for (const [i, id] of bm25!.results!.question_ids.entries())
          expect(Math.abs(measures.get(id)![name]! - values[i]!), `${name}${suffix} of ${id}`).toBeLessThan(1e-6);
      }
    }
    // The weights of this run were made up.
    expect(missing).toEqual([
      expect.stringMatching(/^untrained is missing: The untrained encoder cannot be built again/),
    ]);
  });

  test('are written in the standard columns, each document once a query, scores falling', async () => {
    const store = temporaryStore();
    const run = await runOnSample(store);
    const { folder } = await exportTrec(store, [run], join(temporaryFolder(), 'trec'));
    const lines = readFileSync(join(folder, `${run.id}.run`), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => line.split(' '));
    for (const ranking of Map.groupBy(lines, ([query]) => query).values()) {
      expect(ranking.map(([, q0, , rank, , tag]) => [q0, rank, tag])).toEqual(
        ranking.map((_, i) => ['Q0', String(i + 1), run.id]),
      );
      expect(new Set(ranking.map(([, , document]) => document)).size).toBe(ranking.length);
      expect(
        ranking.every(
          ([, , , , score], i) => i === 0 || Math.fround(Number(score)) < Math.fround(Number(ranking[i - 1]![4])),
        ),
      ).toBe(true);
    }
  });

  test('say for how many questions the stored values were others', async () => {
    const store = temporaryStore();
    const run = await runOnSample(store);
    // What this run has stored was made up.
    const { differing, questions } = await exportTrec(store, [run], join(temporaryFolder(), 'trec'));
    expect(differing[run.id]).toBeGreaterThan(questions / 2);
  });
});

describe('names', () => {
  test('of questions and answers that share an id become different ones', () => {
    const answer = (id: string, text: number) => ({ id, text, score: 1 });
    const { queries, documents } = nameTestSplit({
      texts: ['one?', 'two?', 'a', 'b', 'c'],
      test: [
        { id: 'q', text: 0, answers: [answer('0', 2), answer('1', 3)] },
        { id: 'q', text: 1, answers: [answer('0', 4), answer('0~2', 2)] },
      ],
    });
    expect(queries.map(({ name }) => name)).toEqual(['q', 'q~2']);
    expect(documents.map(({ name, text }) => [name, text])).toEqual([
      ['0', 'a'],
      ['0~3', 'c'],
      ['0~2', 'a'],
      ['1', 'b'],
    ]);
    expect(queries[1]!.answers.map((position) => documents[position]!.name)).toEqual(['0~3', '0~2']);
  });
});

describe('refused, with nothing left behind', () => {
  test('a folder that holds something', async () => {
    const store = temporaryStore();
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'thesis.tex'), 'important');
    await expect(exportTrec(store, [await runOnSample(store)], folder)).rejects.toThrow(
      'already exists and contains thesis.tex',
    );
    expect(readdirSync(folder)).toEqual(['thesis.tex']);
  });

  test('a run without an encoder, and one that has lost it', async () => {
    const store = temporaryStore();
    const folder = join(temporaryFolder(), 'trec');
    await expect(exportTrec(store, [createRun(store)], folder)).rejects.toThrow(
      'is queued: only a finished run has an encoder',
    );
    const run = await runOnSample(store);
    rmSync(join(run.encoder!, 'model.safetensors'));
    await expect(exportTrec(store, [run], folder)).rejects.toThrow(/model\.safetensors/);
    expect(existsSync(folder)).toBe(false);
  });

  test('a dataset that is no longer what it was', async () => {
    const store = temporaryStore();
    const run = finishedRun(store, raw);
    await expect(exportTrec(store, [run], join(temporaryFolder(), 'trec'))).rejects.toThrow('its content has changed');
  });
});
