import { readdirSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { buildCorpus, type CorpusQuestion } from '../../../../src/lab/data/corpus.ts';
import { questionText } from '../../../../src/lab/data/dataset.ts';
import { readDataset } from '../../../../src/lab/data/datasetFolder.ts';
import { splitQuestions } from '../../../../src/lab/data/split.ts';
import { evaluate } from '../../../../src/lab/evaluation/evaluator.ts';
import { plainSimilarities } from '../../../../src/lab/evaluation/similarity.ts';
import { Bm25 } from '../../../../src/lab/evaluation/bm25.ts';
import { strongestAnalyzer } from '../../../../src/lab/evaluation/bm25Baseline.ts';
import { chosenColumns, chosenData } from '../../../../src/lab/inspector/choose.ts';
import type { InspectionJob } from '../../../../src/lab/inspector/columns.ts';
import { Inspector } from '../../../../src/lab/inspector/inspector.ts';
import type { Store } from '../../../../src/lab/store/runStore.ts';
import { readEncoderFolder } from '../../../../src/lab/encoders/encoderFolder.ts';
import { TextEmbedder } from '../../../../src/lab/encoders/textEmbedder.ts';
import { LabError } from '../../../../src/shared/errors.ts';
import type { Run } from '../../../../src/shared/history.ts';
import type { InspectorBaseline } from '../../../../src/shared/contract/inspector.ts';
import { inspectedRuns } from '../../../helpers/inspectedRuns.ts';
import { finishedRun } from '../../../helpers/finishedRun.ts';
import { temporaryFolder, temporaryStore } from '../../../helpers/syntheticStore.ts';
import { tinyQuestions } from '../../../helpers/tinyData.ts';

function inspectorOf(store: Store): Inspector {
  const inspector = new Inspector(store.home.cache);
  onTestFinished(() => inspector.dispose());
  return inspector;
}

async function job(
  store: Store,
  runs: readonly Run[],
  asked: InspectionJob['asked'],
  how: Partial<Pick<InspectionJob, 'corpus' | 'top'> & { baselines: InspectorBaseline[] }> = {},
): Promise<InspectionJob> {
  const { corpus = 'test', top = 3, baselines = [] } = how;
  return {
    ...(await chosenColumns(
      store,
      runs.map(({ id }) => id),
      baselines,
    )),
    corpus,
    top,
    asked,
  };
}

/** The test split as training makes it, by other means than the inspector's. */
async function testSplit(
  folder: string,
): Promise<Record<'all' | 'train' | 'test', readonly CorpusQuestion[]> & { readonly texts: readonly string[] }> {
  const { texts, questions } = buildCorpus((await readDataset(folder)).questions);
  return {
    texts,
    all: questions,
    ...splitQuestions(questions, { testSize: 0.5, validationSize: 0, seed: 42, method: 'losslab' }),
  };
}

/** Every answer by its cosine with a query, each text embedded alone. */
async function naiveRanking(
  run: Run,
  query: string,
  answers: readonly { readonly id: string; readonly text: string }[],
): Promise<{ id: string; cosine: number }[]> {
  const embedder = await TextEmbedder.create(readEncoderFolder(run.encoder!, run.configuration.encoder), 'cpu');
  const [asked] = [await embedder.embed([query])];
  const scored: { id: string; cosine: number }[] = [];
  for (const { id, text } of answers) {
    const row = await embedder.embed([text]);
    scored.push({ id, cosine: row.reduce((sum, value, i) => sum + value * asked[i]!, 0) });
  }
  await embedder.dispose();
  return scored.sort((a, b) => b.cosine - a.cosine);
}

test('cosines are those of a naive computation, and ranks follow them', async () => {
  const store = temporaryStore();
  const { runs, folder } = await inspectedRuns(store);
  const { texts, test: questions, all } = await testSplit(folder);
  const inspector = inspectorOf(store);
  for (const corpus of ['test', 'all'] as const) {
    const searched = (corpus === 'test' ? questions : all).flatMap(({ answers }) =>
      answers.map(({ id, text }) => ({ id, text: texts[text]! })),
    );
    const found = await inspector.inspect(
      await job(store, runs, { text: 'Why does the kernel drift?' }, { corpus, top: 5 }),
    );
    expect(found).toMatchObject({ question: null, corpus, documents: searched.length });
    for (const [index, column] of found.columns.entries()) {
      const naive = await naiveRanking(runs[index]!, 'Why does the kernel drift?', searched);
      found.answers.forEach(({ id }, answer) => {
        const { rank, similarity } = column.places[answer]!;
        expect(similarity).toBeCloseTo(naive.find((each) => each.id === id)!.cosine, 5);
        // Answers that are equally near have ranks in the order of their ids.
        expect(Math.abs(naive[rank - 1]!.cosine - similarity)).toBeLessThan(1e-5);
      });
      const ranks = column.places.map(({ rank }) => rank);
      expect(new Set(ranks).size).toBe(ranks.length);
      expect(ranks.filter((rank) => rank <= 5)).toHaveLength(5);
    }
  }
});

test("a question's own answers come first, with their roles, and its metrics are those of the evaluation", async () => {
  const store = temporaryStore();
  const { runs, folder } = await inspectedRuns(store);
  const { texts, test: questions } = await testSplit(folder);
  const [run] = runs;
  const embedder = await TextEmbedder.create(readEncoderFolder(run!.encoder!, run!.configuration.encoder), 'cpu');
  const evaluation = await evaluate({
    questions,
    embeddings: await embedder.embed(texts),
    dimension: embedder.dimension,
    rowOf: (text) => text,
    batchSize: 8,
    similarities: plainSimilarities,
  });
  await embedder.dispose();
  const inspector = inspectorOf(store);
  for (const [index, id] of evaluation.perQuery.question_ids.entries()) {
    const question = questions.find((each) => each.id === id)!;
    const found = await inspector.inspect(await job(store, [run!], { question: id }));
    expect(
      found.answers.slice(0, question.answers.length).map(({ id: answer, votes }) => ({ id: answer, votes })),
    ).toEqual(question.answers.map(({ id: answer, score }) => ({ id: answer, votes: score })));
    expect(found.answers.map(({ role }) => role).join(' ')).toMatch(/^best( own)*( other)*$/);
    expect(found.answers.filter(({ role }) => role !== 'other').every((answer) => answer.question.id === id)).toBe(
      true,
    );
    expect(found.columns[0]!.values!['mrr@10']).toBeCloseTo(evaluation.perQuery.values['mrr@10'][index]!, 6);
    expect(found.columns[0]!.values!['recall@5_own']).toBeCloseTo(
      evaluation.perQuery.values['recall@5_own'][index]!,
      6,
    );
  }
});

test('BM25 stands beside the runs, with its own scores', async () => {
  const store = temporaryStore();
  const { runs, folder } = await inspectedRuns(store);
  const { texts, train, test: questions } = await testSplit(folder);
  const question = questions.find(({ answers }) => answers.length > 1)!;
  const found = await inspectorOf(store).inspect(
    await job(store, runs, { question: question.id }, { baselines: ['bm25'] }),
  );
  const answers = questions.flatMap((each) => each.answers);
  const scores = new Float32Array(answers.length);
  new Bm25(
    answers.map(({ text }) => texts[text]!),
    await strongestAnalyzer(train, texts),
  ).addScores(texts[question.text]!, scores);
  expect(found.columns.map(({ key }) => key)).toEqual(['bm25', ...runs.map(({ id }) => id)]);
  found.answers.forEach(({ id }, answer) =>
    expect(found.columns[0]!.places[answer]!.similarity).toBeCloseTo(
      scores[answers.findIndex((each) => each.id === id)]!,
      4,
    ),
  );
});

test('an encoder that is gone or torn says so in its column; the others are ranked', async () => {
  const store = temporaryStore();
  const { runs } = await inspectedRuns(
    store,
    [8, 16, 24].map((embed_dim) => ({ encoder: 'static', embed_dim })),
  );
  rmSync(runs[0]!.encoder!, { recursive: true });
  truncateSync(join(runs[1]!.encoder!, 'model.safetensors'), 100);
  const found = await inspectorOf(store).inspect(await job(store, runs, { text: 'a kernel' }));
  const [gone, torn, whole] = found.columns;
  expect(gone).toMatchObject({
    places: [],
    values: null,
    problem: {
      message: expect.stringContaining('is missing in') as string,
      fix: expect.stringContaining('train the run again') as string,
    },
  });
  expect(torn!.problem!.message).toContain('model.safetensors');
  expect(whole!.problem).toBeNull();
  expect(whole!.places).toHaveLength(found.answers.length);
});

test('runs that are not finished, of another dataset or of another split have a column that says so', async () => {
  const store = temporaryStore();
  const { runs } = await inspectedRuns(store);
  const unfinished = store.createRun({ experiment: runs[0]!.experiment, configuration: runs[0]!.configuration });
  const otherSplit = finishedRun(
    store,
    { encoder: 'static', embed_dim: 8, max_length: 16, test_size: 0.5, seed: 7 },
    runs[0]!.dataset,
  );
  const elsewhere = finishedRun(
    store,
    { encoder: 'static', embed_dim: 8, max_length: 16 },
    { name: 'other', hash: 'e'.repeat(64) },
  );
  const found = await inspectorOf(store).inspect(
    await job(store, [elsewhere, runs[0]!, unfinished, otherSplit], { text: 'a kernel' }),
  );
  const problems = Object.fromEntries(found.columns.map(({ key, problem }) => [key, problem?.message ?? null]));
  expect(problems).toEqual({
    [elsewhere.id]: 'It was trained on another dataset: "other", not "tiny".',
    [runs[0]!.id]: null,
    [unfinished.id]: expect.stringContaining('only a finished run has an encoder') as string,
    [otherSplit.id]: expect.stringContaining('tested on other questions') as string,
  });
});

test('an untrained encoder that cannot be made as it was is not shown as if it were', async () => {
  const store = temporaryStore();
  const { runs } = await inspectedRuns(store);
  const found = await inspectorOf(store).inspect(
    await job(store, runs, { text: 'a kernel' }, { baselines: ['untrained'] }),
  );
  expect(found.columns[0]).toMatchObject({
    key: 'untrained',
    problem: { message: expect.stringContaining('initial weights differ') as string },
  });
  expect(found.columns[1]!.problem).toBeNull();
});

test('without the dataset there is nothing to rank, in words', async () => {
  const store = temporaryStore();
  const { runs, folder } = await inspectedRuns(store);
  renameSync(folder, join(temporaryFolder(), 'elsewhere'));
  await expect(chosenColumns(store, [runs[0]!.id], [])).rejects.toThrow('There is no dataset "tiny".');
});

test('embeddings are kept between inspectors; a damaged file is made again', async () => {
  const store = temporaryStore();
  const { runs } = await inspectedRuns(store);
  const asked = await job(store, runs, { text: 'a kernel' });
  const first = await inspectorOf(store).inspect(asked);
  const folder = join(store.home.cache, 'embeddings');
  const files = readdirSync(folder).map((name) => join(folder, name));
  expect(files).toHaveLength(2);
  const contents = files.map((file) => readFileSync(file));
  const steps: string[] = [];
  const again = await inspectorOf(store).inspect(asked, { onProgress: ({ message }) => steps.push(message) });
  expect({ ...again, milliseconds: 0 }).toEqual({ ...first, milliseconds: 0 });
  expect(steps.filter((step) => step.includes('Encoding'))).toEqual([]);
  for (const file of files) writeFileSync(file, readFileSync(file).fill(0, 300));
  const repaired = await inspectorOf(store).inspect(asked);
  expect({ ...repaired, milliseconds: 0 }).toEqual({ ...first, milliseconds: 0 });
  expect(files.map((file) => readFileSync(file))).toEqual(contents);
});

test.each(['Opening the encoder', 'Tokenising'])(
  'cancelling during “%s” leaves nothing half-done, and the next inspection is whole',
  async (during) => {
    const store = temporaryStore();
    const { runs } = await inspectedRuns(store);
    const inspector = inspectorOf(store);
    const asked = await job(store, runs, { text: 'a kernel' });
    const stopping = new AbortController();
    const steps: string[] = [];
    const stopped = inspector.inspect(asked, {
      signal: stopping.signal,
      onProgress: ({ message }) => {
        steps.push(message);
        if (message.includes(during)) stopping.abort(new LabError('usage', 'Enough.'));
      },
    });
    await expect(stopped).rejects.toThrow('Enough.');
    expect(steps.at(-1)).toContain(during);
    expect(readdirSync(store.home.cache)).not.toContain('embeddings');
    const found = await inspector.inspect(asked);
    expect(found.columns.map(({ problem }) => problem)).toEqual([null, null]);
  },
);

test('test questions are found by their words or their id, page by page; questions of the training split are refused', async () => {
  const store = temporaryStore();
  const { runs, folder } = await inspectedRuns(store);
  const { texts, test: questions, all } = await testSplit(folder);
  const inspector = inspectorOf(store);
  const data = await chosenData(store, [runs[0]!.id]);
  const wanted = questions.filter(({ text }) => texts[text]!.toLowerCase().includes('kernel'));
  const page = await inspector.questions({ data, text: 'KERNEL  why', offset: 0, limit: 2 });
  expect(page).toMatchObject({ dataset: 'tiny', testQuestions: questions.length, total: wanted.length });
  expect(page.questions.map(({ id }) => id)).toEqual(wanted.slice(0, 2).map(({ id }) => id));
  expect((await inspector.questions({ data, text: '', offset: 3, limit: 50 })).questions.map(({ id }) => id)).toEqual(
    questions.slice(3).map(({ id }) => id),
  );
  expect(
    (await inspector.questions({ data, text: questions[1]!.id, offset: 0, limit: 50 })).questions.map(({ id }) => id),
  ).toContain(questions[1]!.id);
  const training = all.find(({ id }) => !questions.some((question) => question.id === id))!;
  await expect(inspector.inspect(await job(store, runs, { question: training.id }))).rejects.toThrow(
    'it is in the training split',
  );
  await expect(inspector.inspect(await job(store, runs, { question: '-1' }))).rejects.toThrow(
    'the dataset "tiny" has no question with this id',
  );
});

test('text that looks like HTML stays the text it is', async () => {
  const store = temporaryStore();
  const [first, ...others] = tinyQuestions();
  const questions = [first!, ...others].map((question) => ({
    ...question,
    answers: question.answers.map((answer) => ({
      ...answer,
      body: `&lt;img src=x onerror=alert(1)&gt; ${answer.body}`,
    })),
  }));
  const { runs, folder } = await inspectedRuns(store, [{ encoder: 'static', embed_dim: 8 }], questions);
  const bodies = new Set(
    (await readDataset(folder)).questions.flatMap(({ answers }) => answers.map(({ body }) => body)),
  );
  const found = await inspectorOf(store).inspect(
    await job(store, runs, { text: questionText({ title: '<b>', body: '' }) }),
  );
  for (const { text } of found.answers) {
    expect(text).toContain('<img src=x onerror=alert(1)>');
    expect(bodies).toContain(text);
  }
});
