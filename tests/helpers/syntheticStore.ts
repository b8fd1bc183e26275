import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { openHome, type Home } from '../../src/lab/files/home.ts';
import { openStore, type Store } from '../../src/lab/store/runStore.ts';
import type { Experiment, Run, RunHashes } from '../../src/shared/history.ts';
import { resolveConfiguration, type RawConfiguration } from '../../src/shared/configuration.ts';
import type { EvaluationEvent, StepEvent, TrainerEvent } from '../../src/shared/events.ts';
import { metricNames } from '../../src/shared/metrics.ts';

/** A history as training would have written it, without training. */

/** Gone when the test has finished. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'losslab-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function temporaryHome(): Home {
  return openHome(path.join(temporaryFolder(), 'home'));
}

export function temporaryStore(home: Home = temporaryHome()): Store {
  const store = openStore(home);
  onTestFinished(() => store.close());
  return store;
}

export function createExperiment(store: Store, raw: RawConfiguration = {}): Experiment {
  return store.createExperiment({
    name: 'Losses on the sample',
    dataset: { name: 'sample', hash: 'd'.repeat(64) },
    configuration: resolveConfiguration(raw),
  });
}

/** A queued run; of a new experiment unless one is given. */
export function createRun(store: Store, raw: RawConfiguration = {}, experiment = createExperiment(store, raw)): Run {
  return store.createRun({ experiment: experiment.id, configuration: resolveConfiguration(raw) });
}

export const hashes: RunHashes = { dataset: 'd', split: 's', plan: 'p', weights: 'w', tokenizer: 't' };

export function startedEvent(
  run: string,
  change: Partial<Extract<TrainerEvent, { type: 'started' }>> = {},
): TrainerEvent {
  return {
    run,
    type: 'started',
    device: 'cpu',
    device_reason: 'no WebGPU adapter was found',
    parameters: 8_405_000,
    steps: 100,
    steps_per_epoch: 20,
    hashes,
    resumed_at: 0,
    train_questions: 320,
    test_questions: 80,
    ...change,
  };
}

export function stepEvent(run: string, step: number, change: Partial<StepEvent> = {}): StepEvent {
  return {
    run,
    type: 'step',
    step,
    epoch: 0,
    loss: 2 / step,
    metrics: { acc: 0.5 },
    gradient_norm: 1,
    learning_rate: 0.003,
    documents: 128 * step,
    documents_per_step: 128,
    tokens: 4000,
    step_seconds: 0.05,
    training_seconds: 0.05 * step,
    ...change,
  };
}

/** `level` is what every metric comes to, give or take. */
export function evaluationEvent(
  run: string,
  step: number,
  level: number,
  change: Partial<EvaluationEvent> = {},
): EvaluationEvent {
  const question_ids = ['q1', 'q2', 'q3'];
  const metrics = Object.fromEntries(metricNames.map((name, index) => [name, level + 0.01 * (index % 7)]));
  return {
    run,
    type: 'evaluation',
    split: 'test',
    step,
    epoch: Math.floor(step / 20),
    metrics: { ...metrics, 'mrr@10': level },
    per_query: { question_ids, values: { 'mrr@10': Float32Array.of(level, 1, 0) } },
    seconds: 0.2,
    training_seconds: 0.05 * step,
    ...change,
  };
}

export interface RunStory {
  readonly raw: RawConfiguration;
  /** `mrr@10` at steps 0, 20, 40, … */
  readonly levels: readonly number[];
  readonly hashes?: Partial<RunHashes>;
  readonly end?: 'finished' | 'stopped' | 'failed' | 'running';
}

/** A run that trained and was evaluated as told. */
export function trainedRun(store: Store, experiment: Experiment, story: RunStory): Run {
  const { id } = createRun(store, story.raw, experiment);
  store.claim(id);
  store.record(id, startedEvent(id, { hashes: { ...hashes, ...story.hashes } }));
  const last = 20 * (story.levels.length - 1);
  story.levels.forEach((level, index) => store.record(id, evaluationEvent(id, 20 * index, level)));
  for (let step = 1; step <= last; step++) store.record(id, stepEvent(id, step));
  const end = story.end ?? 'finished';
  if (end === 'finished')
    store.record(id, {
      run: id,
      type: 'finished',
      step: last,
      training_seconds: 0.05 * last,
      encoder: `/runs/${id}/encoder`,
      peak_memory_bytes: 3e8,
    });
  if (end === 'stopped') store.record(id, { run: id, type: 'stopped', step: last });
  if (end === 'failed')
    store.record(id, {
      run: id,
      type: 'failed',
      step: last,
      code: 'training',
      message: 'The loss is NaN at step 41.',
      fix: 'Lower learning_rate.',
    });
  return store.getRun(id);
}

export const sevenPresets: readonly RawConfiguration[] = [
  { name: 'InfoNCE', batch_transform: 'infonce', loss_type: 'infonce' },
  { name: 'Rank-weighted InfoNCE', batch_transform: 'multiple_positives', loss_type: 'rank_infonce_rank0.1' },
  { name: 'Score-weighted InfoNCE', batch_transform: 'multiple_positives', loss_type: 'rank_infonce_score0.05' },
  { name: 'Relaxed hard negatives', batch_transform: 'hard_negative', loss_type: 'relaxed_hard_neg_p0.1' },
  { name: 'Triplet, hard negative', batch_transform: 'triplet', neg_strategy: 'hard_negative' },
  { name: 'Triplet, in-batch negative', batch_transform: 'triplet', neg_strategy: 'in_batch' },
  { name: 'Listwise', batch_transform: 'listwise' },
];
