import { verdictMetric, type Baseline, type ComparedRun, type Comparison } from '../../../shared/comparison.ts';
import { metricDescriptions, type MetricDescription, type MetricName } from '../../../shared/metrics.ts';
import { formatBytes, formatCount, formatDelta, formatDuration, formatFigure } from '../../lib/format.ts';
import { differingSettings, formatSetting, settingsOf, settingTitle, type Settings } from './settings.ts';

/** A line of the table: a run, or the untrained encoder that runs began from. */
export type Row =
  | { readonly id: string; readonly name: string; readonly baseline: Baseline; readonly run: null }
  | { readonly id: string; readonly name: string; readonly run: ComparedRun; readonly settings: Settings };

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
  /** What the table shows. */
  text(row: Row): string;
  /** Whether a difference is for the better. */
  tone?(row: Row): 'good' | 'bad' | null;
}

/** Metrics whose columns are there at first, where they were measured. */
export const firstMetrics: readonly MetricName[] = [verdictMetric, 'ndcg@10', 'map@100'];

export function rowsOf({ baselines, runs }: Comparison): Row[] {
  return [
    ...baselines.map((baseline): Row => ({ id: `baseline/${baseline.name}`, name: baseline.name, baseline, run: null })),
    ...runs.map((run): Row => ({ id: run.id, name: run.name, run, settings: settingsOf(run) })),
  ];
}

/** Every column that a comparison can have, in the order in which the table shows them. */
export function columnsOf(comparison: Comparison): Column[] {
  const metrics = metricDescriptions.filter(({ name }) => comparison.metrics.includes(name));
  return [stateColumn, ...metrics.flatMap(metricColumns), ...runColumns, ...settingColumns(comparison.runs)];
}

const stateColumn: Column = {
  key: 'state', title: 'State', help: 'Whether the run came to its end.', group: 'Run', numeric: false, shownAtFirst: true,
  value: ({ run }) => run?.state ?? null,
  text: ({ run }) => run?.state ?? '',
};

function metricColumns(metric: MetricDescription): Column[] {
  const { name, title, meaning } = metric;
  const shownAtFirst = firstMetrics.includes(name);
  const common = { group: title, numeric: true, shownAtFirst };
  const best = (row: Row): number | null => (row.run ? row.run.best[name]?.value : row.baseline.metrics[name]) ?? null;
  const last = (row: Row): number | null => row.run?.last[name] ?? null;
  const delta = (of: (row: Row) => number | null) => (row: Row): number | null => {
    const untrained = row.run?.baseline?.metrics[name];
    const value = row.run && of(row);
    return untrained === undefined || value === null ? null : value - untrained;
  };
  const figures = (value: Column['value'], format: (figure: number | null) => string): Pick<Column, 'value' | 'text'> => ({ value, text: (row) => format(value(row) as number | null) });
  return [
    { ...common, key: `${name}/best`, title: `${title} best`, help: `${meaning} At the run's best evaluation by this metric.`, ...figures(best, formatFigure) },
    { ...common, key: `${name}/delta`, title: `Δ ${title}`, help: `Best ${title} against the untrained encoder that the run began from.`, ...figures(delta(best), formatDelta), tone: toneOf(metric, delta(best)) },
    { ...common, key: `${name}/last`, title: `${title} last`, help: `${meaning} At the last evaluation.`, ...figures(last, formatFigure) },
    { ...common, shownAtFirst: false, key: `${name}/step`, title: `${title} best at step`, help: `The step of the best ${title}.`, ...figures(({ run }) => run?.best[name]?.step ?? null, formatCount) },
  ];
}

/** Which way is better is the metric's to say. A difference that is shown as ±0 is neither. */
function toneOf({ better }: MetricDescription, delta: (row: Row) => number | null): (row: Row) => 'good' | 'bad' | null {
  const sign = { higher: 1 }[better];
  return (row) => {
    const difference = Number((sign * (delta(row) ?? 0)).toFixed(4));
    return difference > 0 ? 'good' : difference < 0 ? 'bad' : null;
  };
}

const runColumns: readonly Column[] = [
  runColumn('seconds', 'Training time', 'Evaluation not counted.', (run) => run.training_seconds, formatDuration, true),
  runColumn('steps', 'Steps', 'Optimiser updates done.', (run) => run.steps_done, formatCount, false),
  runColumn('memory', 'Peak memory', 'The training process at its largest.', (run) => run.peak_memory_bytes, formatBytes, false),
  runColumn('parameters', 'Parameters', 'Trainable numbers of the encoder.', (run) => run.parameters, formatCount, false),
];

function runColumn(key: string, title: string, help: string, of: (run: ComparedRun) => number | null, format: (value: number | null) => string, shownAtFirst: boolean): Column {
  const value = ({ run }: Row): number | null => (run ? of(run) : null);
  return { key, title, help, group: 'Run', numeric: true, shownAtFirst, value, text: (row) => (row.run ? format(value(row)) : '') };
}

/** Settings in which the runs differ; those they share would say nothing. */
function settingColumns(runs: readonly ComparedRun[]): Column[] {
  return differingSettings(runs.map(settingsOf)).map((name) => {
    const setting = (row: Row) => (row.run ? row.settings[name] : undefined);
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
      text: (row) => (row.run ? formatSetting(setting(row)) : ''),
    };
  });
}
