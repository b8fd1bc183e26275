import { hashNames, type Bm25Baseline, type ComparedRun, type Comparison } from '../../shared/comparison.ts';
import { columnsIn } from '../../shared/comparison/places.ts';
import { measuredRows, rowsOf, type RowsBy } from '../../shared/comparison/rows.ts';
import { leaderboard, pointOf } from '../../shared/leaderboard.ts';
import type { MetricName } from '../../shared/metrics.ts';
import type { VerdictPoint } from '../../shared/verdict.ts';
import { formatCount, formatDuration, formatMean } from '../../shared/format.ts';
import { number, plain, table } from './html.ts';
import { highestOf, isHighest } from '../../shared/comparison/highest.ts';

/** The tables of a report that say what was compared, and with which figures. */

/** Recipes or runs, below what they have to be better than; the highest of each metric in bold. */
export function comparisonTable(comparison: Comparison, bm25: readonly Bm25Baseline[], by: RowsBy): string {
  const rows = measuredRows(rowsOf(comparison, bm25, by));
  const columns = columnsIn('page', comparison, by);
  const highest = highestOf(rows, columns);
  return table(
    columns.map(({ title, numeric }) => (numeric ? number(title) : plain(title))),
    rows.map((row) =>
      columns.map((column) => {
        const text = column.text(row) || '–';
        return column.numeric ? number(text, isHighest(row, column, highest)) : plain(text);
      }),
    ),
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
      return `Within ${formatDuration(point.limit)} of training`;
    case 'documents':
      return `Within ${formatCount(point.limit)} questions and answers`;
    case 'tokens':
      return `Within ${formatCount(point.limit)} tokens`;
  }
}

function boardCell({ name, value }: ReturnType<typeof leaderboard>[number]): string {
  return `${name} ${value ? formatMean(value) : '– not evaluated within this budget'}`;
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
