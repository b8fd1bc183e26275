import { expect, test } from 'vitest';
import { trainingJob, type TrainingJob } from '../../../../src/lab/training/job.ts';
import { beginAlike, knownUntrained } from '../../../../src/lab/training/untrained.ts';
import type { Store } from '../../../../src/lab/store/runStore.ts';
import type { Run } from '../../../../src/shared/history.ts';
import type { RawConfiguration } from '../../../../src/shared/configuration.ts';
import type { Diagnostics } from '../../../../src/shared/diagnostics.ts';
import {
  createExperiment,
  createRun,
  evaluationEvent,
  hashes,
  startedEvent,
  temporaryStore,
} from '../../../helpers/syntheticStore.ts';

/* A run takes over what another one found before training only where both begin alike. */

const jobOf = (store: Store, run: Run, device: TrainingJob['device'] = 'cpu'): TrainingJob =>
  trainingJob(store.home, run, '', { device, reason: '' });

const measured: Diagnostics = {
  pairs: 3,
  figures: {
    alignment: 0.5,
    uniformity: -1,
    mean_cosine: -0.25,
    effective_rank: 40,
    in_batch_margin: 0.125,
    hard_margin: null,
  },
  margins: { in_batch: Array.from({ length: 80 }, (_, bin) => Number(bin < 3)), hard: [] },
};

/** A run that was evaluated before training, and one that is to begin. */
function first(raw: RawConfiguration = {}, diagnostics: Diagnostics | null = measured) {
  const store = temporaryStore();
  const experiment = createExperiment(store);
  const { id } = createRun(store, raw, experiment);
  store.claim(id);
  const { metrics, per_query } = evaluationEvent(id, 0, 0.4);
  store.record(
    id,
    startedEvent(id),
    {
      ...evaluationEvent(id, 0, 0.4, { metrics: { ...metrics, 'recall@10': NaN }, seconds: 3 }),
      ...(diagnostics && { diagnostics }),
    },
    evaluationEvent(id, 20, 0.6),
  );
  return { store, experiment, per_query };
}

test('of a run that differs in its recipe only: the figures as they were, NaN and all', () => {
  const { store, experiment, per_query } = first();
  const known = knownUntrained(store, jobOf(store, createRun(store, { loss_type: 'triplet' }, experiment)))!;
  expect(known.hashes).toEqual(hashes);
  expect(known.evaluation).toMatchObject({ per_query, seconds: 3, diagnostics: measured });
  expect(known.evaluation.metrics).toMatchObject({ 'mrr@10': 0.4, 'recall@10': NaN });
});

test.each<[string, RawConfiguration]>([
  ['another seed', { seed: 7 }],
  ['another length of texts', { max_length: 32 }],
  ['another batch size, which decides about the candidates of standardised metrics', { batch_size: 8 }],
])('not with %s', (_, raw) => {
  const { store, experiment } = first();
  expect(knownUntrained(store, jobOf(store, createRun(store, raw, experiment)))).toBeNull();
});

test('not on another device, in another experiment, without diagnostics, nor from the run itself', () => {
  const { store, experiment } = first();
  expect(knownUntrained(store, jobOf(store, createRun(store, {}, experiment), 'webgpu'))).toBeNull();
  expect(knownUntrained(store, jobOf(store, createRun(store)))).toBeNull();
  expect(knownUntrained(store, jobOf(store, store.listRuns()[0]!))).toBeNull();
  const old = first({}, null);
  expect(knownUntrained(old.store, jobOf(old.store, createRun(old.store, {}, old.experiment)))).toBeNull();
});

test('runs begin alike whose weights, texts and tokens are the same, whatever their plan', () => {
  expect(beginAlike(hashes, { ...hashes, plan: 'other' })).toBe(true);
  for (const what of ['dataset', 'split', 'weights', 'tokenizer'] as const)
    expect(beginAlike(hashes, { ...hashes, [what]: 'other' })).toBe(false);
});
