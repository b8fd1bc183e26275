import { expect, test } from 'vitest';
import { whyUntrainedIsMissing } from '../../../../src/shared/comparison/missingUntrained.ts';
import { compareRuns } from '../../../../src/lab/comparison/comparison.ts';
import { createExperiment, createRun, temporaryStore, trainedRun } from '../../../helpers/syntheticStore.ts';

const raw = { batch_transform: 'infonce', loss_type: 'infonce' } as const;

test('a comparison says why it has no untrained encoder: never started, failed before, or not asked for', () => {
  const store = temporaryStore();
  const queued = createRun(store, raw);
  expect(whyUntrainedIsMissing(compareRuns(store, [queued.id]))).toBe(
    'The untrained encoder was not evaluated: no run has been started.',
  );
  store.claim(queued.id);
  store.record(queued.id, { run: queued.id, type: 'failed', step: 0, code: 'training', message: 'NaN', fix: '' });
  expect(whyUntrainedIsMissing(compareRuns(store, [queued.id]))).toBe(
    'The untrained encoder was not evaluated: no run reached its first evaluation.',
  );
  const without = createRun(store, { ...raw, eval_at_zero: false });
  expect(whyUntrainedIsMissing(compareRuns(store, [without.id]))).toBe(
    'The untrained encoder was not evaluated (eval_at_zero is off).',
  );
  const trained = trainedRun(store, createExperiment(store), { raw, levels: [0.1, 0.3] });
  expect(whyUntrainedIsMissing(compareRuns(store, [trained.id]))).toBe(null);
});
