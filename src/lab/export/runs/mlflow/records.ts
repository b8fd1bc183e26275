import type { DiagnosedStep } from '../../../../shared/diagnostics.ts';
import type { Evaluation, Run, RunState } from '../../../../shared/history.ts';
import type { Curves } from '../../../store/curves.ts';
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

export function parametersOf(run: Run): Entry[] {
  return Object.entries(settingsOf(run)).map(([key, value]) => ({
    key,
    value: (typeof value === 'string' ? value : JSON.stringify(value)).slice(0, longestParameter),
  }));
}

export function tagsOf(run: Run): Entry[] {
  const { id, name, experiment, seed, dataset, start } = run;
  const hashes = Object.entries(start?.hashes ?? {}).map(([of, hash]) => ({ key: `losslab.hash.${of}`, value: hash }));
  return [
    { key: 'mlflow.runName', value: `${name}, seed ${seed}` },
    { key: runTag, value: id },
    { key: 'losslab.experiment', value: experiment },
    { key: 'losslab.dataset', value: dataset.name },
    ...(start ? [{ key: 'losslab.device', value: start.device }] : []),
    ...hashes,
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
