import { metricTitle } from '../../shared/metrics.ts';
import type { PairVerdict, Verdict } from '../../shared/verdict.ts';
import { formatCount, formatDecimal, formatDelta, formatProbability } from '../../shared/format.ts';
import { number, plain, table, type Cell } from './html.ts';
import { describePoint } from './verdictTable.ts';

/** The tables of a report that say who won. */

export function standings({ metric, contestants }: Verdict): string {
  const title = metricTitle(metric);
  return table(
    [plain('Name'), number(title), number('± over seeds'), number('By seed')],
    contestants.map(({ name, mean, deviation, bySeed }) => [
      plain(name),
      number(formatDecimal(mean, 4)),
      number(deviation === null ? '–' : formatDecimal(deviation, 4)),
      number(bySeed.map(({ value }) => formatDecimal(value, 3)).join('  ')),
    ]),
  );
}

export function extent({ questions, seeds, point }: Verdict): string {
  return `${formatCount(questions)} test questions, ${seeds.length === 0 ? 'each with its own seeds' : `seeds ${seeds.join(', ')}`}, ${describePoint(point)}.`;
}

export function matrix({ contestants, pairs }: Verdict): string {
  const cell = (row: number, column: number): Cell => {
    if (row === column) return number('·');
    const pair = pairs.find(({ a, b }) => (a === row && b === column) || (a === column && b === row))!;
    return number(describePair(pair, pair.a === row ? 1 : -1), pair.detectable);
  };
  return table(
    [plain(''), ...contestants.map(({ name }) => number(name))],
    contestants.map(({ name }, row) => [plain(name), ...contestants.map((_, column) => cell(row, column))]),
  );
}

function describePair({ difference, low, high, adjustedP }: PairVerdict, sign: 1 | -1): string {
  const [from, to] = sign === 1 ? [low, high] : [-high, -low];
  return `${formatDelta(sign * difference)}\n(${formatDecimal(from, 3)} to ${formatDecimal(to, 3)})\np ${formatProbability(adjustedP)}`;
}
