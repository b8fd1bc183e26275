import { verdictMetric, hashNames, type Comparison } from '../comparison.ts';
import type { MetricName } from '../metrics.ts';
import { momentOf } from './best.ts';
import { columnsOf, factKeys, type Column } from './columns.ts';
import type { RowsBy } from './rows.ts';
import { differingSettings, settingNames, settingsOf } from './settings.ts';

/** Which columns stand where, in which order: this is all that differs between the tables of a comparison. */

/** What every table shows of quality. */
export const headlineMetrics: readonly MetricName[] = [verdictMetric, 'ndcg@10', 'map@100'];
/** A page is wider than a terminal. */
const pageMetrics: readonly MetricName[] = [...headlineMetrics, 'recall@10'];
/** As bars, on the screen and in pictures: of all answers, and of the candidates of the original script. */
export const barMetrics: readonly MetricName[] = [
  ...headlineMetrics,
  'standardized/mrr',
  'standardized/ndcg@10',
  'standardized/map@10',
];

type Place = (comparison: Comparison, by: RowsBy) => readonly string[];

const places = {
  terminal: (comparison, by) =>
    by === 'run'
      ? [
          'run',
          'name',
          ...withChange(headlineMetrics, by),
          `${verdictMetric} best_step`,
          'training_seconds',
          'device',
          'state',
        ]
      : [
          'name',
          'seeds',
          ...withChange(headlineMetrics, by),
          'training_seconds',
          ...(comparison.runs.some(({ negatives_per_question }) => negatives_per_question !== null)
            ? ['negatives_per_question']
            : []),
        ],
  page: (_, by) =>
    by === 'run'
      ? ['name', ...withChange(pageMetrics, by), `${verdictMetric} best_step`, 'training_seconds', 'device', 'state']
      : [
          'name',
          'seeds',
          ...withChange(pageMetrics, by),
          'training_seconds',
          'texts_per_step',
          'negatives_per_question',
        ],
  /** What the screen shows at first. */
  screen: (comparison) => [
    'state',
    ...headlineMetrics.flatMap((metric) => [`${metric} last`, `${metric} best`, `${metric} change`]),
    'training_seconds',
    ...differingSettings(comparison.runs.map(settingsOf)),
  ],
  /** What people can choose there. */
  choice: (comparison) => [
    'state',
    ...comparison.metrics.flatMap((metric) => [
      `${metric} last`,
      `${metric} best`,
      `${metric} change`,
      `${metric} best_step`,
    ]),
    ...factKeys,
    ...differingSettings(comparison.runs.map(settingsOf)),
  ],
  /** Everything, for other programs: a column keeps its name. */
  file: (comparison) => [
    ...['row', 'run', 'name', 'recipe', 'baseline', 'dataset', 'state', 'failure', 'loss', 'strategy', 'seed'],
    ...factKeys,
    ...hashNames.map((name) => `hash.${name}`),
    ...parameters(comparison, 'strategy'),
    ...parameters(comparison, 'loss'),
    ...comparison.metrics.flatMap((metric) =>
      ['baseline', 'best', 'best_step', 'last'].map((what) => `${metric} ${what}`),
    ),
  ],
} as const satisfies Readonly<Record<string, Place>>;

/** The columns of a place, each once, as far as the comparison has them. */
export function columnsIn(place: keyof typeof places, comparison: Comparison, by: RowsBy): Column[] {
  const known = new Map(columnsOf(comparison, by).map((column) => [column.key, column]));
  return [...new Set(places[place](comparison, by))].flatMap((key) => known.get(key) ?? []);
}

/** The verdict's metric comes first, and is the one whose change is shown. */
function withChange([first, ...others]: readonly MetricName[], by: RowsBy): string[] {
  const moment = momentOf(by);
  return [`${first} ${moment}`, `${first} change`, ...others.map((metric) => `${metric} ${moment}`)];
}

function parameters({ runs }: Comparison, part: 'strategy' | 'loss'): string[] {
  return settingNames(runs.map(settingsOf)).filter((name) => name.startsWith(`${part}.`));
}
