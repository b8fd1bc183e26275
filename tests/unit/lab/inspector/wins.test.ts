import { expect, test } from 'vitest';
import { winList, titlesFor } from '../../../../src/lab/inspector/wins.ts';
import { sidesOf } from '../../../../src/lab/inspector/sides.ts';
import { bm25OfRuns } from '../../../../src/lab/evaluation/bm25OfRuns.ts';
import type { Store } from '../../../../src/lab/store/runStore.ts';
import type { Run } from '../../../../src/shared/history.ts';
import { inspectedRuns } from '../../../helpers/inspectedRuns.ts';
import {
  createExperiment,
  createRun,
  evaluationEvent,
  startedEvent,
  temporaryStore,
} from '../../../helpers/syntheticStore.ts';

const metric = 'mrr@10';
const noTitles = (ids: readonly string[]) => Promise.resolve(ids.map(() => null));

/** A finished run with these values of its last evaluation, and zeros for the untrained encoder. */
function runWith(
  store: Store,
  experiment: ReturnType<typeof createExperiment>,
  name: string,
  seed: number,
  values: Readonly<Record<string, number>>,
): Run {
  const { id } = createRun(store, { name, seed, split_seed: 1 }, experiment);
  const perQuery = (of: readonly number[]) => ({
    question_ids: Object.keys(values),
    values: { [metric]: Float32Array.from(of) },
  });
  store.claim(id);
  store.record(
    id,
    startedEvent(id),
    evaluationEvent(id, 0, 0, { per_query: perQuery(Object.values(values).map(() => 0)) }),
  );
  store.record(
    id,
    evaluationEvent(id, 20, 0.3, { per_query: perQuery(Object.values(values).map(() => 0.123)) }),
    evaluationEvent(id, 40, 0.5, { per_query: perQuery(Object.values(values)) }),
  );
  store.record(id, {
    run: id,
    type: 'finished',
    step: 40,
    training_seconds: 2,
    encoder: '/nowhere',
    peak_memory_bytes: 1,
  });
  return store.getRun(id);
}

function twoRecipes() {
  const store = temporaryStore();
  const experiment = createExperiment(store);
  const a = [
    runWith(store, experiment, 'A', 1, { q1: 1, q2: 0.5, q3: 0, q4: 0.25 }),
    runWith(store, experiment, 'A', 2, { q1: 0.5, q2: 0.5, q3: 0, q4: 0.75 }),
  ];
  const b = [
    runWith(store, experiment, 'B', 1, { q4: 1, q1: 0.25, q2: 0.5, q3: 0.5 }),
    runWith(store, experiment, 'B', 2, { q1: 0.25, q2: 0.5, q3: 0.5, q4: 0, q5: 1 }),
  ];
  return { store, a, b, sides: sidesOf(store, [a[0]!.id, b[1]!.id], []) };
}

test('values are means over the seeds, of the questions that every run was tested on', async () => {
  const {
    store,
    sides: [a, b],
  } = twoRecipes();
  const list = await winList(store, { a, b, metric, limit: 10 }, noTitles);
  expect(list).toMatchObject({
    metric,
    questions: 4,
    wins: 1,
    ties: 2,
    losses: 1,
    meanA: (0.75 + 0.5 + 0 + 0.5) / 4,
    meanB: (0.25 + 0.5 + 0.5 + 0.5) / 4,
  });
  expect([...list.differences]).toEqual([0.5, 0, 0, -0.5]);
  expect(list.largestWins).toEqual([{ question: 'q1', title: null, a: 0.75, b: 0.25 }]);
  expect(list.largestLosses).toEqual([{ question: 'q3', title: null, a: 0, b: 0.5 }]);
});

test('wins of one side are the losses of the other', async () => {
  const {
    store,
    sides: [a, b],
  } = twoRecipes();
  const [there, back] = [
    await winList(store, { a, b, metric, limit: 10 }, noTitles),
    await winList(store, { a: b, b: a, metric, limit: 10 }, noTitles),
  ];
  const turned = there.largestWins.map((row) => ({ ...row, a: row.b, b: row.a }));
  expect(back.largestLosses).toEqual(turned);
  expect([...back.differences].map((value) => 0 - value).reverse()).toEqual([...there.differences]);
});

test('lists are as long as asked, the largest first', async () => {
  const { store, a, b } = twoRecipes();
  const list = await winList(
    store,
    { a: { kind: 'recipe', runs: [a[0]!.id] }, b: { kind: 'recipe', runs: [b[0]!.id] }, metric, limit: 1 },
    noTitles,
  );
  expect([...list.differences]).toEqual([0.75, 0, -0.5, -0.75]);
  expect(list.largestWins.map(({ question }) => question)).toEqual(['q1']);
  expect(list.largestLosses.map(({ question }) => question)).toEqual(['q4']);
});

test('a run stands for its recipe with all seeds; baselines for what the other side began from', () => {
  const { store, a, b } = twoRecipes();
  const ids = (runs: readonly Run[]): string[] => runs.map(({ id }) => id);
  expect(sidesOf(store, [a[1]!.id, 'untrained'], [])).toEqual([
    { kind: 'recipe', runs: ids(a) },
    { kind: 'untrained', runs: ids(a) },
  ]);
  expect(sidesOf(store, ['bm25', b[0]!.id], [])).toEqual([
    { kind: 'bm25', runs: ids(b) },
    { kind: 'recipe', runs: ids(b) },
  ]);
  expect(sidesOf(store, ['bm25', 'untrained'], ids(a))).toEqual([
    { kind: 'bm25', runs: ids(a) },
    { kind: 'untrained', runs: ids(a) },
  ]);
});

test('the untrained encoder is the evaluation before the first step', async () => {
  const { store, a } = twoRecipes();
  const [trained, untrained] = sidesOf(store, [a[0]!.id, 'untrained'], []);
  const list = await winList(store, { a: trained, b: untrained, metric, limit: 10 }, noTitles);
  expect(list.meanB).toBe(0);
  expect(list.largestWins[0]).toMatchObject({ question: 'q1', a: 0.75, b: 0 });
});

test('BM25 has the values that comparisons show, and the titles are those of the dataset', async () => {
  const store = temporaryStore();
  const {
    runs: [run],
    folder,
  } = await inspectedRuns(store, [{ encoder: 'static', embed_dim: 8 }]);
  const bm25 = { kind: 'bm25' as const, runs: [run!.id] };
  const asked: string[] = [];
  const list = await winList(
    store,
    { a: bm25, b: bm25, metric, limit: 5 },
    titlesFor(store, [run!.id], ({ data, ids }) => {
      asked.push(data.folder);
      return Promise.resolve(ids.map((id) => `title of ${id}`));
    }),
  );
  const [{ results }] = (await bm25OfRuns(store.home, [run!])) as [Awaited<ReturnType<typeof bm25OfRuns>>[number]];
  const values = results!.values[metric]!;
  expect(list.questions).toBe(values.length);
  expect(list.meanA).toBeCloseTo(values.reduce((sum, value) => sum + value, 0) / values.length, 6);
  expect(asked).toEqual([folder]);
});

test('without the dataset, figures are shown without titles', async () => {
  const { store, a, sides } = twoRecipes();
  const titles = titlesFor(store, [a[0]!.id], () => Promise.reject(new Error('not to be asked')));
  const list = await winList(store, { a: sides[0], b: sides[1], metric, limit: 1 }, titles);
  expect(list.largestWins).toEqual([{ question: 'q1', title: null, a: 0.75, b: 0.25 }]);
});

test('sides without values or without questions in common are refused, in words', async () => {
  const { store, a, b } = twoRecipes();
  const queued = createRun(store, { name: 'C' });
  const recipe = (run: Run) => ({ kind: 'recipe' as const, runs: [run.id] });
  await expect(winList(store, { a: recipe(a[0]!), b: recipe(queued), metric, limit: 1 }, noTitles)).rejects.toThrow(
    'was not evaluated after training began',
  );
  const stranger = runWith(store, createExperiment(store), 'D', 1, { other: 1 });
  await expect(winList(store, { a: recipe(b[0]!), b: recipe(stranger), metric, limit: 1 }, noTitles)).rejects.toThrow(
    'not tested on any common question',
  );
  await expect(
    winList(store, { a: recipe(a[0]!), b: recipe(b[0]!), metric: 'standardized/mrr', limit: 1 }, noTitles),
  ).rejects.toThrow('no values of "standardized/mrr"');
});
