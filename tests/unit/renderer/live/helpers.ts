import type {
  ExperimentChange,
  ExperimentDetails,
  ExperimentSnapshot,
  RunView,
  StepSeries,
  WatchedEvaluation,
} from '../../../../src/shared/contract/experiments.ts';
import { resolveConfiguration } from '../../../../src/shared/configuration.ts';

export function series(run: string, steps: number[], columns: Record<string, number[]>): StepSeries {
  return {
    run,
    steps: Float64Array.from(steps),
    columns: Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, Float64Array.from(values)])),
  };
}

export function evaluation(step: number, mrr: number): WatchedEvaluation {
  return { step, epoch: 0, seconds: 1, training_seconds: step, metrics: { 'mrr@10': mrr }, diagnostics: null };
}

export function runView(id: string, more: Partial<RunView> = {}): RunView {
  const configuration = resolveConfiguration({ name: id, loss_type: 'infonce' });
  return {
    id,
    name: id,
    experiment: 'e',
    configuration,
    recipe: configuration.recipe,
    seed: 1,
    dataset: { name: 'sample', hash: 'd' },
    status: 'queued',
    created: '2026-01-01T00:00:00Z',
    started: null,
    ended: null,
    start: null,
    steps_done: 0,
    training_seconds: 0,
    peak_memory_bytes: null,
    encoder: null,
    failure: null,
    phase: null,
    documentsPerSecond: null,
    tokensPerSecond: null,
    secondsLeft: null,
    memoryBytes: null,
    ...more,
  };
}

/** A run that began, with `steps` steps to do. */
export function startedRun(id: string, steps: number, more: Partial<RunView> = {}): RunView {
  const hashes = { dataset: 'd', split: 's', plan: 'p', weights: 'w', tokenizer: 't' };
  const start = {
    device: 'cpu',
    device_reason: 'chosen',
    parameters: 1,
    steps,
    steps_per_epoch: steps,
    train_questions: 8,
    test_questions: 2,
    hashes,
  } as const;
  return runView(id, { status: 'running', start, ...more });
}

export function snapshot(more: Partial<ExperimentSnapshot> = {}): ExperimentSnapshot {
  const experiment: ExperimentDetails = {
    id: 'e',
    name: 'Experiment',
    created: '2026-01-01T00:00:00Z',
    dataset: { name: 'sample', hash: 'd' },
    status: 'running',
    tags: [],
    note: '',
    encoder: 'static',
    device: 'cpu',
    runs: { total: 2, finished: 0, failed: 0 },
    best: null,
    baseline: null,
    foreign: false,
    draft: { name: 'Experiment', dataset: 'sample', shared: {}, recipes: [{}], seeds: [1] },
    runList: [runView('a', { status: 'running' }), runView('b')],
  };
  return { seq: 7, experiment, series: [], evaluations: {}, log: [], ...more };
}

export function change(seq: number, more: Partial<ExperimentChange> = {}): ExperimentChange {
  return { experiment: 'e', seq, status: 'running', runs: [], series: [], evaluations: {}, log: [], ...more };
}
