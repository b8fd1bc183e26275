import { verdictMetric, type ComparedRun, type Comparison } from '../../../shared/comparison.ts';
import { metricDescriptions, type MetricDescription, type MetricName } from '../../../shared/metrics.ts';
import { mean, spreadOf, type Spread } from '../../../shared/spread.ts';
import {
  formatCount,
  formatDelta,
  formatDuration,
  formatMean,
  formatMeanCount,
  formatMemory,
} from '../../../shared/format.ts';
import { isBaseline, type Row } from './rows.ts';
import { differingSettings, formatSetting, settingsOf, settingTitle } from './settings.ts';

export interface Column {
  readonly key: string;
  readonly title: string;
  /** A sentence for people who do not know it. */
  readonly help: string;
  readonly group: string;
  readonly numeric: boolean;
  readonly shownAtFirst: boolean;
  /** What it sorts by and what a file holds; null where there is nothing. */
  value(row: Row): string | number | null;
  /** Standard deviation over the runs of a row; null where it has one run. Only of figures that have one. */
  deviation?(row: Row): number | null;
  /** What the table shows. */
  text(row: Row): string;
  /** Whether a difference is for the better. */
  tone?(row: Row): 'good' | 'bad' | null;
}

/** Metrics whose columns are there at first, where they were measured. */
export const firstMetrics: readonly MetricName[] = [verdictMetric, 'ndcg@10', 'map@100'];

/** Every column that a comparison can have, in the order in which the table shows them. */
export function columnsOf(comparison: Comparison): Column[] {
  const metrics = metricDescriptions.filter(({ name }) => comparison.metrics.includes(name));
  return [stateColumn, ...metrics.flatMap(metricColumns), ...runColumns, ...settingColumns(comparison.runs)];
}

const stateColumn: Column = {
  key: 'state',
  title: 'State',
  help: 'Whether the run came to its end.',
  group: 'Run',
  numeric: false,
  shownAtFirst: true,
  value: (row) => (isBaseline(row) ? null : stateOf(row)),
  text: (row) => (isBaseline(row) ? '' : stateOf(row)),
};

/** Of all runs of a row where they have one in common. */
function stateOf({ runs }: Row): string {
  const [first, ...others] = new Set(runs.map(({ state }) => state));
  return others.length === 0
    ? first!
    : `${runs.filter(({ state }) => state === 'finished').length} of ${runs.length} finished`;
}

// --- Metrics ------------------------------------------------------------------------------------

type SpreadOf = (row: Row) => Spread | null;

function metricColumns(metric: MetricDescription): Column[] {
  const { name, title, meaning } = metric;
  const shownAtFirst = firstMetrics.includes(name);
  const common = { group: title, numeric: true, shownAtFirst };
  const best: SpreadOf = (row) =>
    isBaseline(row) ? (row.metrics?.[name] ?? null) : spreadOf(row.runs.map((run) => run.best[name]?.value ?? NaN));
  const last: SpreadOf = (row) =>
    isBaseline(row) ? (row.metrics?.[name] ?? null) : spreadOf(row.runs.map((run) => run.last[name] ?? NaN));
  const delta = (row: Row): number | null => (isBaseline(row) ? null : meanDelta(row.runs, name));
  const steps = (row: Row): number | null => (row.kind === 'run' ? (row.run.best[name]?.step ?? null) : null);
  return [
    {
      ...common,
      key: `${name}/last`,
      title: `${title} last`,
      help: `${meaning} At the last evaluation.`,
      ...spreadFigures(last),
    },
    {
      ...common,
      key: `${name}/best`,
      title: `${title} best`,
      help: `${meaning} At each run's best evaluation by this metric.`,
      ...spreadFigures(best),
    },
    {
      ...common,
      key: `${name}/delta`,
      title: `Δ ${title}`,
      help: `Best ${title} against the untrained encoder that each run began from.`,
      value: delta,
      text: (row) => (isBaseline(row) ? '' : formatDelta(delta(row))),
      tone: toneOf(metric, delta),
    },
    {
      ...common,
      shownAtFirst: false,
      key: `${name}/step`,
      title: `${title} best at step`,
      help: `The step of the best ${title}, of a single run.`,
      value: steps,
      text: (row) => (row.kind === 'run' ? formatCount(steps(row)) : ''),
    },
  ];
}

function spreadFigures(of: SpreadOf): Pick<Column, 'value' | 'deviation' | 'text'> {
  return {
    value: (row) => of(row)?.mean ?? null,
    deviation: (row) => of(row)?.deviation ?? null,
    text: (row) => (isBaseline(row) && row.metrics === null ? '…' : formatMean(of(row))),
  };
}

/** By how much the runs' best is better than where each began, on average. */
function meanDelta(runs: readonly ComparedRun[], name: MetricName): number | null {
  return (
    spreadOf(runs.map(({ best, baseline }) => (best[name]?.value ?? NaN) - (baseline?.metrics[name] ?? NaN)))?.mean ??
    null
  );
}

/** Which way is better is the metric's to say. A difference that is shown as ±0 is neither. */
function toneOf(
  { better }: MetricDescription,
  delta: (row: Row) => number | null,
): (row: Row) => 'good' | 'bad' | null {
  const sign = { higher: 1 }[better];
  return (row) => {
    const difference = Number((sign * (delta(row) ?? 0)).toFixed(4));
    return difference > 0 ? 'good' : difference < 0 ? 'bad' : null;
  };
}

// --- Runs and their settings --------------------------------------------------------------------

const runColumns: readonly Column[] = [
  runColumn(
    'seconds',
    'Training time',
    'Evaluation not counted; of several runs the mean.',
    (run) => run.training_seconds,
    mean,
    formatDuration,
    true,
  ),
  runColumn(
    'steps',
    'Steps',
    'Optimiser updates done; of several runs the mean.',
    (run) => run.steps_done,
    mean,
    formatCount,
    false,
  ),
  runColumn(
    'texts',
    'Texts per step',
    'Distinct texts that a step encodes, on average.',
    (run) => run.texts_per_step,
    mean,
    formatMeanCount,
    false,
  ),
  runColumn(
    'negatives',
    'Negatives per question',
    'Answers that the loss pushes away from a question, on average.',
    (run) => run.negatives_per_question,
    mean,
    formatMeanCount,
    false,
  ),
  runColumn(
    'memory',
    'Peak memory',
    'The training process at its largest.',
    (run) => run.peak_memory_bytes,
    (values) => Math.max(...values),
    formatMemory,
    false,
  ),
  runColumn(
    'parameters',
    'Parameters',
    'Trainable numbers of the encoder.',
    (run) => run.parameters,
    mean,
    formatCount,
    false,
  ),
];

function runColumn(
  key: string,
  title: string,
  help: string,
  of: (run: ComparedRun) => number | null,
  merged: (values: readonly number[]) => number,
  format: (value: number | null) => string,
  shownAtFirst: boolean,
): Column {
  const value = (row: Row): number | null => {
    const values = isBaseline(row) ? [] : row.runs.map(of).filter((each) => each !== null);
    return values.length === 0 ? null : merged(values);
  };
  return {
    key,
    title,
    help,
    group: 'Run',
    numeric: true,
    shownAtFirst,
    value,
    text: (row) => (isBaseline(row) ? '' : format(value(row))),
  };
}

/** Settings in which the runs differ; those they share would say nothing. */
function settingColumns(runs: readonly ComparedRun[]): Column[] {
  return differingSettings(runs.map(settingsOf)).map((name) => {
    const setting = (row: Row) => (isBaseline(row) ? undefined : row.settings[name]);
    return {
      key: `setting/${name}`,
      title: settingTitle(name),
      help: 'A setting in which these runs differ.',
      group: 'Settings that differ',
      numeric: runs.every((run) => ['number', 'undefined'].includes(typeof settingsOf(run)[name])),
      shownAtFirst: true,
      value: (row) => {
        const value = setting(row);
        return value === undefined ? null : typeof value === 'number' ? value : formatSetting(value);
      },
      text: (row) => (isBaseline(row) ? '' : formatSetting(setting(row))),
    };
  });
}
