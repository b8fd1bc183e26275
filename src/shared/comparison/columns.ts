import { hashNames, type ComparedRecipe, type ComparedRun, type Comparison } from '../comparison.ts';
import {
  formatCount,
  formatDelta,
  formatDuration,
  formatFigure,
  formatMean,
  formatMeanCount,
  formatMemory,
} from '../format.ts';
import { metricDescriptions, type MetricDescription } from '../metrics.ts';
import { mean, type Spread } from '../spread.ts';
import { metricOf, momentOf, runMetric, type Moment } from './best.ts';
import { isBaseline, type Row, type RowsBy } from './rows.ts';
import { formatSetting, settingNames, settingsOf, settingTitle, type SettingValue } from './settings.ts';

/** A column of a comparison: what it is called, and what stands in it. Where it is shown: places.ts. */
export interface Column {
  /** Also what it is called in files for programs. */
  readonly key: string;
  readonly title: string;
  /** What it is called in a terminal, which is narrow. */
  readonly short: string;
  /** A sentence for people who do not know it. */
  readonly help: string;
  readonly group: string;
  readonly numeric: boolean;
  /** Whether its highest figure is marked. */
  readonly ranked: boolean;
  /** Whether a baseline, which was not trained, has it only for people to compare with. */
  readonly ofTraining: boolean;
  /** What it sorts by and what a file holds; null where there is nothing. */
  readonly value: (row: Row) => string | number | null;
  /** Standard deviation over the runs of a row; null where it has one run. Only of figures that have one. */
  readonly deviation?: (row: Row) => number | null;
  /** What a table shows; in a narrow one without what can be missed. Empty where a row cannot have it. */
  readonly text: (row: Row, narrow?: boolean) => string;
  readonly tone?: (row: Row) => 'good' | 'bad' | null;
}

/** Every column that a comparison can have. */
export function columnsOf(comparison: Comparison, by: RowsBy): Column[] {
  const metrics = metricDescriptions.filter(({ name }) => comparison.metrics.includes(name));
  return [
    ...identityColumns(comparison, by),
    ...factColumns,
    ...settingColumns(comparison.runs),
    ...metrics.flatMap((metric) => metricColumns(metric, comparison, momentOf(by))),
  ];
}

// --- What a row is --------------------------------------------------------------------------------

type Words = Pick<Column, 'key' | 'title' | 'help'> & { readonly short?: string; readonly numeric?: boolean };

function textColumn(words: Words, value: (row: Row) => string | number | null, text = plainText(value)): Column {
  return { short: words.key, numeric: false, ...words, group: 'Run', ranked: false, ofTraining: false, value, text };
}

function plainText(value: (row: Row) => string | number | null): (row: Row) => string {
  return (row) => String(value(row) ?? '');
}

/** Of the run that a row is; null for a row of several, or of none. */
function ofRun<T>(of: (run: ComparedRun) => T | null | undefined): (row: Row) => T | null {
  return (row) => (row.kind === 'run' ? (of(row.run) ?? null) : null);
}

function identityColumns({ recipes }: Comparison, by: RowsBy): Column[] {
  const id = ofRun(({ id }) => id);
  return [
    textColumn({ key: 'row', title: 'Row', help: 'Whether it was trained.' }, (row) =>
      isBaseline(row) ? 'baseline' : row.kind,
    ),
    textColumn(
      { key: 'run', title: 'Id', help: 'Id of the run in commands.' },
      id,
      (row) => id(row)?.split('-')[0] ?? '',
    ),
    textColumn(
      { key: 'name', title: by === 'run' ? 'Run' : 'Recipe', help: 'The trained recipe or run, or a baseline.' },
      ({ name }) => name,
    ),
    textColumn(
      { key: 'recipe', title: 'Recipe', help: 'The recipe of the run, the same for all its seeds.' },
      ofRun(({ id }) => recipes.find(({ runs }) => runs.includes(id))?.name),
    ),
    textColumn({ key: 'baseline', title: 'Began from', help: 'The untrained encoder.' }, (row) =>
      isBaseline(row) ? row.name : ofRun(({ baseline }) => baseline?.name)(row),
    ),
    textColumn({ key: 'seeds', title: 'Seeds', help: 'Runs that differ only in the seed.', numeric: true }, (row) =>
      row.kind === 'bm25' ? null : new Set(row.runs.map(({ seed }) => seed)).size,
    ),
    textColumn({ key: 'state', title: 'State', help: 'Whether the run has finished.' }, (row) =>
      isBaseline(row) ? null : stateOf(row),
    ),
    textColumn(
      { key: 'failure', title: 'Failure', help: 'Why the run failed.' },
      ofRun(({ failure }) => failure?.message),
    ),
    ...hashNames.map((name) =>
      textColumn(
        { key: `hash.${name}`, title: `Hash of ${name}`, help: 'Comparable runs have the same hash.' },
        ofRun(({ hashes }) => hashes?.[name]),
      ),
    ),
  ];
}

/** Of all runs of a row where they have one in common. */
function stateOf({ runs }: Row): string {
  const [first, ...others] = new Set(runs.map(({ state }) => state));
  return others.length === 0
    ? first!
    : `${runs.filter(({ state }) => state === 'finished').length} of ${runs.length} finished`;
}

// --- Facts about training -------------------------------------------------------------------------

const factColumns: readonly Column[] = [
  textColumn({ key: 'device', title: 'Device', help: 'Device that trained the run.' }, (row) =>
    isBaseline(row) ? null : [...new Set(row.runs.flatMap(({ device }) => device ?? []))].join(', ') || null,
  ),
  fact(
    { key: 'encoder_parameters', title: 'Parameters', help: 'Trainable parameters of the encoder.' },
    ({ parameters }) => parameters,
    formatCount,
  ),
  fact(
    { key: 'steps', title: 'Steps', help: 'Optimiser updates; for several runs, the mean.' },
    ({ steps_done }) => steps_done,
    formatCount,
  ),
  fact(
    {
      key: 'training_seconds',
      title: 'Training time',
      short: 'time',
      help: 'Evaluation is not counted; for several runs, the mean.',
    },
    ({ training_seconds }) => training_seconds,
    formatDuration,
    ({ training_seconds }) => training_seconds,
  ),
  fact(
    { key: 'peak_memory_bytes', title: 'Peak memory', help: 'Largest memory of the training process.' },
    ({ peak_memory_bytes }) => peak_memory_bytes,
    formatMemory,
    undefined,
    (values) => Math.max(...values),
  ),
  fact(
    { key: 'texts_per_step', title: 'Texts per step', help: 'Distinct texts that a step encodes, on average.' },
    ({ texts_per_step }) => texts_per_step,
    formatMeanCount,
    ({ texts_per_step }) => texts_per_step,
  ),
  fact(
    {
      key: 'negatives_per_question',
      title: 'Negatives per question',
      short: 'negatives',
      help: 'Answers that the loss pushes away from a question, on average.',
    },
    ({ negatives_per_question }) => negatives_per_question,
    formatMeanCount,
    ({ negatives_per_question }) => negatives_per_question,
  ),
];

/** Every one can be chosen on the screen, and is in files for programs. */
export const factKeys: readonly string[] = factColumns.map(({ key }) => key);

/** A figure of each run; of a recipe the spread that the comparison has of it, or the runs' figures merged. */
function fact(
  words: Words,
  ofOne: (run: ComparedRun) => number | null,
  format: (value: number | null) => string,
  ofRecipe?: (recipe: ComparedRecipe) => Spread | null,
  merged: (values: readonly number[]) => number = mean,
): Column {
  const spread = (row: Row): Spread | null => (row.kind === 'recipe' ? (ofRecipe?.(row.recipe) ?? null) : null);
  const value = (row: Row): number | null => {
    if (isBaseline(row)) return null;
    if (row.kind === 'recipe' && ofRecipe) return spread(row)?.mean ?? null;
    const values = row.runs.map(ofOne).filter((each) => each !== null);
    return values.length === 0 ? null : merged(values);
  };
  const deviation = (row: Row): number | null => spread(row)?.deviation ?? null;
  return {
    ...textColumn({ numeric: true, ...words }, value, (row) => (isBaseline(row) ? '' : format(value(row)))),
    ...(ofRecipe && {
      deviation,
      text: (row, narrow = false) => {
        if (isBaseline(row)) return '';
        const reach = narrow ? null : deviation(row);
        return reach === null ? format(value(row)) : `${format(value(row))} ± ${format(reach)}`;
      },
    }),
  };
}

// --- Settings -------------------------------------------------------------------------------------

/** Of the recipe and of training; those with columns above are not repeated. */
function settingColumns(runs: readonly ComparedRun[]): Column[] {
  const all = runs.map(settingsOf);
  const known = new Set(factColumns.map(({ key }) => key));
  return settingNames(all)
    .filter((name) => !known.has(name))
    .map((name) => {
      const setting = (row: Row) => (isBaseline(row) ? undefined : row.settings[name]);
      const numeric = all.every((settings) => ['number', 'undefined'].includes(typeof settings[name]));
      const words = { key: name, title: settingTitle(name), help: 'A setting in which these runs differ.', numeric };
      return {
        ...textColumn(
          words,
          (row) => settingValue(setting(row)),
          (row) => (isBaseline(row) ? '' : formatSetting(setting(row))),
        ),
        group: 'Settings that differ',
      };
    });
}

/** For programs. */
function settingValue(value: SettingValue | undefined): string | number | null {
  if (value === undefined || typeof value === 'number') return value ?? null;
  if (typeof value === 'boolean') return String(value);
  return value !== null && typeof value === 'object' ? value.join(' ') : formatSetting(value);
}

// --- Metrics --------------------------------------------------------------------------------------

function metricColumns(metric: MetricDescription, comparison: Comparison, shown: Moment): Column[] {
  const { name, title, meaning } = metric;
  const common = { group: title, numeric: true, ranked: false, ofTraining: true };
  const at = (moment: Moment): Pick<Column, 'short' | 'ranked' | 'value' | 'deviation' | 'text'> => ({
    short: name,
    ranked: true,
    value: (row) =>
      row.kind === 'run' ? runMetric(row.run, name, moment) : (metricOf(row, name, moment)?.mean ?? null),
    deviation: (row) => metricOf(row, name, moment)?.deviation ?? null,
    text: (row, narrow = false) => {
      if (isBaseline(row) && row.metrics === null) return '…';
      if (row.kind === 'run') return formatFigure(runMetric(row.run, name, moment));
      const text = formatMean(metricOf(row, name, moment));
      return narrow ? text.replace('± ', '±') : text;
    },
  });
  const change = (row: Row): number | null => changeOf(row, metric, comparison, shown);
  const step = (row: Row): number | null =>
    row.kind === 'untrained' ? 0 : row.kind === 'run' ? (row.run.best[name]?.step ?? null) : null;
  return [
    {
      ...common,
      key: `${name} baseline`,
      title: `${title} untrained`,
      short: name,
      help: `${meaning} For the untrained encoder from which the run started.`,
      ofTraining: false,
      value: (row) =>
        row.kind === 'bm25' ? (row.metrics?.[name]?.mean ?? null) : (row.runs[0]?.baseline?.metrics[name] ?? null),
      text: (row) => formatFigure(row.runs[0]?.baseline?.metrics[name] ?? null),
    },
    {
      ...common,
      key: `${name} last`,
      title: `${title} last`,
      help: `${meaning} At the last evaluation.`,
      ...at('last'),
    },
    {
      ...common,
      key: `${name} best`,
      title: `${title} best`,
      help: `${meaning} At each run's best evaluation by this metric.`,
      ...at('best'),
    },
    {
      ...common,
      key: `${name} best_step`,
      title: `${title} best at step`,
      short: 'at step',
      help: `The step of the best ${title}, of a single run.`,
      value: step,
      text: (row) => (step(row) === null ? '' : formatCount(step(row))),
    },
    {
      ...common,
      key: `${name} change`,
      title: `Δ ${title}`,
      short: 'Δ',
      help: `${shown === 'best' ? 'Best' : 'Last'} ${title} against the untrained encoder that each run began from.`,
      value: change,
      text: (row) => (isBaseline(row) ? '' : formatDelta(change(row))),
      tone: (row) => toneOf(metric, change(row)),
    },
  ];
}

/** By how much a row is above where it began; null where one of the two was not measured. */
function changeOf(row: Row, { name }: MetricDescription, { untrained }: Comparison, moment: Moment): number | null {
  if (isBaseline(row)) return null;
  const start =
    row.kind === 'run'
      ? row.run.baseline?.metrics[name]
      : untrained.find(({ runs }) => row.recipe.runs.some((id) => runs.includes(id)))?.metrics[name]?.mean;
  const change = (metricOf(row, name, moment)?.mean ?? NaN) - (start ?? NaN);
  return Number.isFinite(change) ? change : null;
}

/** Which way is better is the metric's to say. A difference that is shown as ±0 is neither. */
function toneOf({ better }: MetricDescription, change: number | null): 'good' | 'bad' | null {
  const sign = { higher: 1 }[better];
  const difference = Number((sign * (change ?? 0)).toFixed(4));
  return difference > 0 ? 'good' : difference < 0 ? 'bad' : null;
}
