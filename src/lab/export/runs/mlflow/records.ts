import type { DiagnosedStep } from '../../../../shared/diagnostics.ts';
import type { Evaluation, Run, RunStart, RunState } from '../../../../shared/history.ts';
import type { Curves } from '../../../store/curves.ts';
import { baselineSettings, lastStepOf, type Baseline } from '../baselines.ts';
import { runTitle } from '../names.ts';
import { diagnosticFigures, settingsOf, timeAt } from '../runHistory.ts';

/** Converts runs to MLflow's parameters, tags and metrics. */

export interface Metric {
  readonly key: string;
  /** MLflow reads JSON as protocol buffers do: NaN and infinities are these words. */
  readonly value: number | 'NaN' | 'Infinity' | '-Infinity';
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly step: number;
}

export interface Entry {
  readonly key: string;
  readonly value: string;
}

export type Status = 'SCHEDULED' | 'RUNNING' | 'FINISHED' | 'FAILED' | 'KILLED';

export const statusOf: Record<RunState, Status> = {
  queued: 'SCHEDULED',
  running: 'RUNNING',
  finished: 'FINISHED',
  failed: 'FAILED',
  stopped: 'KILLED',
  interrupted: 'KILLED',
};

/** The tag that identifies a run. */
export const runTag = 'losslab.run';
/** The tags that say how much of a run was sent: the last step, and the step of the last evaluation. */
export const sentTags = { steps: 'losslab.sent_steps', evaluations: 'losslab.sent_evaluations' } as const;

/** Maximum length of a value in characters. */
const longestParameter = 6000;

/** What MLflow is told about a run before its figures. */
export interface RunDescription {
  /** Value of the tag by which the run is found again. */
  readonly id: string;
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly started: number;
  readonly tags: readonly Entry[];
  readonly parameters: readonly Entry[];
  readonly inputs: readonly DatasetInput[];
}

/** A dataset as MLflow shows it with a run, and what the run used it for. */
export interface DatasetInput {
  readonly tags: readonly Entry[];
  readonly dataset: {
    readonly name: string;
    /** At most 36 characters. */
    readonly digest: string;
    readonly source_type: string;
    readonly source: string;
    readonly profile: string;
  };
}

export function describeRun(run: Run): RunDescription {
  const { id, experiment, dataset, start } = run;
  const name = runTitle(run);
  const hashes = Object.entries(start?.hashes ?? {}).map(([of, hash]) => ({ key: `losslab.hash.${of}`, value: hash }));
  return {
    id,
    name,
    started: Date.parse(run.started ?? run.created),
    tags: [
      { key: 'mlflow.runName', value: name },
      { key: runTag, value: id },
      { key: 'losslab.experiment', value: experiment },
      { key: 'losslab.dataset', value: dataset.name },
      ...(start ? [{ key: 'losslab.device', value: start.device }] : []),
      ...hashes,
    ],
    parameters: entriesOf(settingsOf(run)),
    inputs: start ? datasetInputs(run, start) : [],
  };
}

export function describeBaseline(baseline: Baseline): RunDescription {
  const { id, title, kind, runs } = baseline;
  const [run] = runs;
  return {
    id,
    name: title,
    started: timeAt(run!, 0),
    tags: [
      { key: 'mlflow.runName', value: title },
      { key: runTag, value: id },
      { key: 'losslab.baseline', value: kind },
      { key: 'losslab.dataset', value: run!.dataset.name },
    ],
    parameters: entriesOf(baselineSettings(baseline)),
    inputs: run!.start ? datasetInputs(run!, run!.start) : [],
  };
}

function entriesOf(settings: Readonly<Record<string, unknown>>): Entry[] {
  return Object.entries(settings).map(([key, value]) => ({
    key,
    value: (typeof value === 'string' ? value : JSON.stringify(value)).slice(0, longestParameter),
  }));
}

/** The training and the test questions. Digests are the beginnings of hashes, which the tags have in full. */
function datasetInputs({ dataset, configuration }: Run, { hashes, ...counts }: RunStart): DatasetInput[] {
  const { limit, test_size, split_seed } = configuration;
  const source = JSON.stringify({ dataset: dataset.name, sha256: dataset.hash, limit, test_size, split_seed });
  const input = (context: string, digest: string, questions: number): DatasetInput => ({
    tags: [{ key: 'mlflow.data.context', value: context }],
    dataset: {
      name: dataset.name,
      digest,
      source_type: 'losslab',
      source,
      profile: JSON.stringify({ questions }),
    },
  });
  const split = hashes.split.slice(0, 12);
  return [
    input('training', `${split}-train`, counts.train_questions),
    input('evaluation', `${split}-test`, counts.test_questions),
  ];
}

/** The figures of every step, step by step. */
export function stepMetrics(run: Run, { steps, columns }: Curves): Metric[][] {
  const seconds = columns.training_seconds;
  return Array.from(steps, (step, row) => {
    const timestamp = timeAt(run, seconds![row]!);
    return Object.entries(columns).map(([name, values]) => ({
      key: metricKey(`train/${name}`),
      value: figure(values[row]!),
      timestamp,
      step,
    }));
  });
}

/** The figures of every evaluation, diagnostics included; step 0 is the untrained encoder. */
export function evaluationMetrics(
  run: Run,
  evaluations: readonly Evaluation[],
  diagnosed: readonly DiagnosedStep[],
): Metric[][] {
  const diagnosedAt = new Map(diagnosed.map((each) => [each.step, each]));
  return evaluations.map(({ step, training_seconds, metrics }) => {
    const found = diagnosedAt.get(step);
    const figures = [
      ...Object.entries(metrics).map(([name, value]) => [`eval/${name}`, value] as const),
      ...(found ? diagnosticFigures(found).map(([name, value]) => [`diagnostics/${name}`, value] as const) : []),
    ];
    return figures.map(([name, value]) => ({
      key: metricKey(name),
      value: figure(value),
      timestamp: timeAt(run, training_seconds),
      step,
    }));
  });
}

/** MLflow allows letters, digits, spaces and _ - . : / in a name: `mrr@10` becomes `mrr_at_10`. */
export function metricKey(name: string): string {
  return name.replaceAll('@', '_at_').replace(/[^\w\-.:/ ]/g, '_');
}

function figure(value: number): Metric['value'] {
  if (Number.isFinite(value)) return value;
  return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';
}

/** BM25 or an untrained encoder: its metrics at step 0 and at the last step of the runs, so that charts show a line. */
export function baselineMetrics(baseline: Baseline): Metric[][] {
  const timestamp = timeAt(baseline.runs[0]!, 0);
  return [...new Set([0, lastStepOf(baseline)])].map((step) =>
    Object.entries(baseline.metrics).map(([name, value]) => ({
      key: metricKey(`eval/${name}`),
      value: figure(value),
      timestamp,
      step,
    })),
  );
}
