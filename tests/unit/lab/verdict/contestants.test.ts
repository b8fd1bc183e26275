import { describe, expect, test } from 'vitest';
import type { Store } from '../../../../src/lab/store/runStore.ts';
import { parseMetric, verdictOf, type VerdictQuestion } from '../../../../src/lab/verdict/contestants.ts';
import type { Run } from '../../../../src/shared/history.ts';
import {
  createExperiment,
  createRun,
  temporaryStore,
  trainedRun,
  type RunStory,
} from '../../../helpers/syntheticStore.ts';

/** Runs of one experiment; a synthetic run has `level`, 1 and 0 on its three questions. */
function runsOf(store: Store, stories: readonly RunStory[]): Run[] {
  const experiment = createExperiment(store);
  return stories.map((story) => trainedRun(store, experiment, story));
}

const story = (name: string, seed: number, ...levels: number[]): RunStory => ({
  raw: { name, seed, split_seed: 1, ...(name === 'A' ? {} : { loss_type: 'triplet' }) },
  levels,
});
const ask = (store: Store, runs: readonly Run[], question: Partial<VerdictQuestion> = {}) =>
  verdictOf(store, { runs: runs.map(({ id }) => id), metric: 'mrr@10', at: 'last', ...question });
const meanOf = (level: number): number => (level + 1) / 3;

describe('who is compared', () => {
  test('runs that differ in their seed only are one recipe, and the untrained encoder takes part', async () => {
    const store = temporaryStore();
    const runs = runsOf(store, [
      story('A', 1, 0.2, 0.8),
      story('A', 2, 0.2, 0.6),
      story('B', 1, 0.2, 0.4),
      story('B', 2, 0.2, 0.2),
    ]);
    const { contestants, seeds, questions } = await ask(store, runs);
    expect(contestants.map(({ kind, name, runs: own }) => [kind, name, own.length])).toEqual([
      ['recipe', 'A', 2],
      ['recipe', 'B', 2],
      ['untrained', 'untrained', 0],
    ]);
    expect(contestants[0]!.mean).toBeCloseTo(meanOf(0.7), 6);
    expect(contestants[2]!.mean).toBeCloseTo(meanOf(0.2), 6);
    expect({ seeds, questions }).toEqual({ seeds: [1, 2], questions: 3 });
  });

  test('a run that was never evaluated is left out, and named', async () => {
    const store = temporaryStore();
    const [a] = runsOf(store, [story('A', 1, 0.2, 0.8)]);
    const queued = createRun(store, { name: 'B', loss_type: 'triplet' });
    const { contestants, warnings } = await ask(store, [a!, queued]);
    expect(contestants.map(({ name }) => name)).toEqual(['A', 'untrained']);
    expect(warnings).toContainEqual(
      expect.stringMatching(/^B \(\w+\) is excluded: it was not evaluated after training began\.$/),
    );
  });

  test('one seed is said to be one', async () => {
    const store = temporaryStore();
    expect((await ask(store, runsOf(store, [story('A', 1, 0.2, 0.8)]))).warnings).toContainEqual(
      expect.stringMatching(/^Only one seed/),
    );
  });
});

test('what the health guard found in a run is a warning', async () => {
  const store = temporaryStore();
  const experiment = createExperiment(store);
  const sound = trainedRun(store, experiment, story('A', 1, 0.2, 0.8));
  const { id } = trainedRun(store, experiment, { ...story('B', 1, 0.2, 0.4), end: 'running' });
  store.record(id, {
    run: id,
    type: 'health',
    step: 12,
    kind: 'collapse',
    message: 'All embeddings are alike.',
    fix: 'Lower learning_rate.',
  });
  const { warnings } = await ask(store, [sound, store.getRun(id)]);
  expect(warnings).toContainEqual(
    `B: embeddings have collapsed at step 12. Run "losslab show ${id.split('-')[0]}" for details.`,
  );
  expect(warnings.some((warning) => warning.startsWith('A:'))).toBe(false);
});

describe('where they are compared', () => {
  // Evaluated at the steps 0, 20, 40, …: 1 s, 2,560 documents and 80,000 tokens apart.
  const levels = (store: Store): Run[] =>
    runsOf(store, [story('A', 1, 0.2, 0.9, 0.5), story('B', 1, 0.2, 0.4, 0.3, 0.8)]);

  test.each([
    [{ at: 'last' }, { at: 'last' }, [0.5, 0.8]],
    [{ at: 'best' }, { at: 'best' }, [0.9, 0.8]],
    [{ at: 'seconds' }, { at: 'seconds', limit: 2 }, [0.5, 0.3]],
    [{ at: 'seconds', limit: 1.5 }, { at: 'seconds', limit: 1.5 }, [0.9, 0.4]],
    [{ at: 'documents' }, { at: 'documents', limit: 5120 }, [0.5, 0.3]],
    [{ at: 'tokens', limit: 100_000 }, { at: 'tokens', limit: 100_000 }, [0.9, 0.4]],
  ] as const)('%o', async (question, point, [a, b]) => {
    const store = temporaryStore();
    const verdict = await ask(store, levels(store), question);
    expect(verdict.point).toEqual(point);
    expect(verdict.contestants.find(({ name }) => name === 'A')!.mean).toBeCloseTo(meanOf(a), 6);
    expect(verdict.contestants.find(({ name }) => name === 'B')!.mean).toBeCloseTo(meanOf(b), 6);
  });

  test('a limit before the first evaluation leaves a run out', async () => {
    const store = temporaryStore();
    const runs = levels(store);
    await expect(ask(store, runs, { at: 'seconds', limit: 0.1 })).rejects.toThrow(
      'A verdict compares at least two contestants; found one, untrained.',
    );
  });

  test('choosing the best evaluation is said to flatter', async () => {
    const store = temporaryStore();
    expect((await ask(store, levels(store), { at: 'best' })).warnings).toContainEqual(
      expect.stringMatching(/chosen on the same questions that the verdict compares/),
    );
  });
});

test('a name that is no metric is refused with those that are', () => {
  expect(parseMetric('ndcg@10')).toBe('ndcg@10');
  expect(() => parseMetric('mrr@9')).toThrow('"mrr@9" is not a metric.');
});
