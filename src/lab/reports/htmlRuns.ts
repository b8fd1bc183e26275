import {
  hashNames,
  type Bm25Baseline,
  type ComparedRun,
  type Comparison,
  type MetricSpreads,
} from '../../shared/comparison.ts';
import { leaderboard, pointOf } from '../../shared/leaderboard.ts';
import { metricTitle, type MetricName } from '../../shared/metrics.ts';
import type { Spread } from '../../shared/spread.ts';
import type { VerdictPoint } from '../../shared/verdict.ts';
import { formatCount } from '../../shared/format.ts';
import { number, plain, table, type Cell } from './html.ts';

/** The tables of a report that say what was compared, and with which figures. */

const shownMetrics: readonly MetricName[] = ['mrr@10', 'ndcg@10', 'map@100', 'recall@10'];
const orDash = (value: string | undefined): string => value ?? '–';

/** `0.4919 ± 0.0126`, or the mean alone where there is one value. */
function meanAndDeviation(spread: Spread | null | undefined, digits = 4): Cell {
  if (!spread) return number('–');
  return number(
    spread.deviation === null
      ? spread.mean.toFixed(digits)
      : `${spread.mean.toFixed(digits)} ± ${spread.deviation.toFixed(digits)}`,
  );
}

/** Every recipe at its last evaluations, below what it has to be better than. */
export function recipeTable({ untrained, recipes }: Comparison, bm25: readonly Bm25Baseline[]): string {
  const metricCells = (metrics: MetricSpreads): Cell[] =>
    shownMetrics.map((metric) => meanAndDeviation(metrics[metric]));
  const nothing = [number('–'), number('–'), number('–')];
  return table(
    [
      plain('Recipe'),
      number('Seeds'),
      ...shownMetrics.map((name) => number(metricTitle(name))),
      number('Seconds of training'),
      number('Texts per step'),
      number('Negatives per question'),
    ],
    [
      ...untrained.map(({ name, seeds, metrics }) => [
        plain(name),
        number(String(seeds.length)),
        ...metricCells(metrics),
        ...nothing,
      ]),
      ...bm25.flatMap(({ name, metrics }) =>
        metrics
          ? [
              [
                plain(name),
                number('–'),
                ...shownMetrics.map((metric) => number(orDash(metrics[metric]?.toFixed(4)))),
                ...nothing,
              ],
            ]
          : [],
      ),
      ...recipes.map(({ name, seeds, last, training_seconds, texts_per_step, negatives_per_question }) => [
        plain(name),
        number(String(seeds.length)),
        ...metricCells(last),
        meanAndDeviation(training_seconds, 1),
        number(orDash(texts_per_step?.mean.toFixed(1))),
        number(orDash(negatives_per_question?.mean.toFixed(1))),
      ]),
    ],
  );
}

/** The same order at equal seconds, documents and tokens: at as much as the run that spent least. */
export function leaderboards(comparison: Comparison, metric: MetricName): string {
  const points = (['last', 'seconds', 'documents', 'tokens'] as const).flatMap((at) => pointOf(comparison, at) ?? []);
  const boards = points.map((point) => leaderboard(comparison, metric, point));
  return table(
    [plain('Place'), ...points.map((point) => plain(pointTitle(point)))],
    comparison.recipes.map((_, place) => [
      plain(String(place + 1)),
      ...boards.map((board) => plain(boardCell(board[place]!))),
    ]),
  );
}

function pointTitle(point: VerdictPoint): string {
  switch (point.at) {
    case 'last':
      return 'Last evaluation';
    case 'best':
      return 'Best evaluation';
    case 'seconds':
      return `Within ${point.limit.toFixed(1)} s`;
    case 'documents':
      return `Within ${formatCount(point.limit)} questions and answers`;
    case 'tokens':
      return `Within ${formatCount(point.limit)} tokens`;
  }
}

function boardCell({ name, value }: ReturnType<typeof leaderboard>[number]): string {
  return `${name} ${value ? meanAndDeviation(value).text : '– not evaluated by then'}`;
}

export function runTable({ baselines, runs }: Comparison): string {
  const figure = (value: number | undefined): Cell => number(orDash(value?.toFixed(4)));
  const headings = [
    plain('Run'),
    ...shownMetrics.map((name) => number(metricTitle(name))),
    number('Training'),
    plain('Device'),
    plain('State'),
  ];
  return table(headings, [
    ...baselines.map(({ name, metrics }) => [
      plain(name),
      ...shownMetrics.map((metric) => figure(metrics[metric])),
      number('–'),
      plain('–'),
      plain('–'),
    ]),
    ...runs.map(({ name, last, training_seconds, device, state }) => [
      plain(name),
      ...shownMetrics.map((metric) => figure(last[metric])),
      number(`${training_seconds.toFixed(1)} s`),
      plain(orDash(device ?? undefined)),
      plain(state),
    ]),
  ]);
}

export function settings({ recipes, runs }: Comparison): string {
  const parameters = (values: object): string =>
    Object.entries(values)
      .map(([key, value]) => `${key} ${String(value)}`)
      .join(', ');
  return table(
    [plain('Recipe'), plain('Loss'), plain('Strategy'), plain('Encoder'), plain('Training')],
    recipes.map(({ name, runs: [first] }) => {
      const {
        recipe,
        configuration: { encoder, training },
      } = runs.find(({ id }) => id === first)!;
      return [
        plain(name),
        plain(`${recipe.loss.name} (${parameters(recipe.loss.parameters)})`),
        plain(`${recipe.strategy.name} (${parameters(recipe.strategy.parameters)})`),
        plain(`${encoder.kind}, max_length ${encoder.max_length}, pooling ${String(encoder.pooling)}`),
        plain(
          `batch_size ${training.batch_size}, epochs ${training.epochs}, learning_rate ${training.learning_rate}, schedule ${training.schedule}, weight_decay ${training.weight_decay}`,
        ),
      ];
    }),
  );
}

/** Equal hashes of a seed, with a mark: runs of one seed have to agree in all, runs of several in the dataset at least. */
export function hashes(runs: readonly ComparedRun[]): string {
  const started = runs.filter(({ hashes: own }) => own).toSorted((a, b) => a.seed - b.seed);
  const bySeed = [...Map.groupBy(started, ({ seed }) => seed)];
  const agreement = bySeed.map(([seed, group]) => [
    plain(`Seed ${seed}: ${group.length === 1 ? 'one run' : `all ${group.length} runs`}`),
    ...hashNames.map((name) =>
      plain(
        group.length === 1
          ? '–'
          : new Set(group.map(({ hashes: own }) => own![name])).size === 1
            ? '✓ same'
            : '✗ differs',
      ),
    ),
  ]);
  const each = started.map(({ name, hashes: own }) => [
    plain(name),
    ...hashNames.map((hash) => plain(own![hash].slice(0, 16))),
  ]);
  return table(
    [plain('Run'), ...['Dataset', 'Split', 'Batch plan', 'Initial weights', 'Tokenizer'].map(plain)],
    [...agreement, ...each],
  );
}
