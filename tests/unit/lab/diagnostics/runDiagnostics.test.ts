import { expect, test } from 'vitest';
import { diagnosticsOf } from '../../../../src/lab/diagnostics/runDiagnostics.ts';
import { diagnosticsText } from '../../../../src/lab/reports/diagnosticsTable.ts';
import type { Diagnostics } from '../../../../src/shared/diagnostics.ts';
import {
  createExperiment,
  createRun,
  evaluationEvent,
  startedEvent,
  stepEvent,
  temporaryStore,
} from '../../../helpers/syntheticStore.ts';

const measured = (rank: number): Diagnostics => ({
  pairs: 3,
  figures: {
    alignment: 0.5,
    uniformity: -1,
    mean_cosine: -0.25,
    effective_rank: rank,
    in_batch_margin: 0.125,
    hard_margin: null,
  },
  margins: { in_batch: Array.from({ length: 80 }, (_, bin) => Number(bin >= 39 && bin < 42)), hard: [] },
});

function history() {
  const store = temporaryStore();
  const experiment = createExperiment(store);
  const run = (seed: number): string => {
    const { id } = createRun(store, { name: 'Triplet', loss_type: 'triplet', seed }, experiment);
    store.claim(id);
    store.record(id, startedEvent(id));
    return id;
  };
  return { store, run };
}

test('diagnostics are stored with their evaluation, replaced with it, and forgotten with it', () => {
  const { store, run } = history();
  const id = run(1);
  store.record(
    id,
    evaluationEvent(id, 0, 0.2, { diagnostics: measured(40) }),
    evaluationEvent(id, 20, 0.3, { diagnostics: measured(30) }),
    evaluationEvent(id, 40, 0.3),
  );
  store.record(id, evaluationEvent(id, 20, 0.3, { diagnostics: measured(31) }));
  expect(store.diagnosedSteps(id)).toEqual([
    { step: 0, training_seconds: 0, diagnostics: measured(40) },
    { step: 20, training_seconds: 1, diagnostics: measured(31) },
  ]);
  expect(store.diagnosedSteps(id, 0).map(({ step }) => step)).toEqual([20]);
  store.record(id, startedEvent(id, { resumed_at: 10 }));
  expect(store.diagnosedSteps(id).map(({ step }) => step)).toEqual([0]);
});

test('several runs: named apart, with zero loss where there is one, and as a table in words', () => {
  const { store, run } = history();
  const [first, second] = [run(1), run(2)];
  store.record(
    first,
    evaluationEvent(first, 0, 0.2, { diagnostics: measured(40) }),
    stepEvent(first, 1, { metrics: { zero_loss: 0.75 } }),
    evaluationEvent(first, 1, 0.3, { diagnostics: measured(12.34) }),
  );
  store.record(first, {
    run: first,
    type: 'health',
    step: 1,
    kind: 'collapse',
    message: 'Cosine 0.99.',
    fix: 'Lower learning_rate.',
  });
  store.record(second, evaluationEvent(second, 0, 0.2));
  const runs = diagnosticsOf(store, [first, second]);
  expect(
    runs.map(({ name, evaluations, zeroLoss }) => [name, evaluations.length, zeroLoss && [...zeroLoss.values]]),
  ).toEqual([
    ['Triplet, seed 1', 2, [0.75]],
    ['Triplet, seed 2', 0, null],
  ]);
  const text = diagnosticsText(runs);
  expect(text).toMatch(/untrained +0 +0\.500 +−1\.000 +−0\.250 +40\.0 +0\.125 +67 %/);
  expect(text).toMatch(/Triplet, seed 1 +1 .*12\.3.* 75 %/);
  expect(text).toContain('Not measured: Triplet, seed 2.');
  expect(text).toContain('Triplet, seed 1, step 1: Embeddings have collapsed. Cosine 0.99. Lower learning_rate.');
});
