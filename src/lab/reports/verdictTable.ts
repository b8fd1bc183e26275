import { metricTitle } from '../../shared/metrics.ts';
import type { Contestant, Verdict, VerdictPoint } from '../../shared/verdict.ts';
import { formatCount, formatDecimal, formatDuration, formatProbability } from '../../shared/format.ts';
import { textTable, wrap, type TextColumn } from './textTable.ts';

/** A verdict for a terminal: the sentences, a table of who was compared, and every pair. */
export function verdictText(verdict: Verdict): string {
  return [
    ...verdict.sentences.flatMap((sentence) => wrap(sentence)),
    '',
    ...standings(verdict),
    '',
    ...pairs(verdict),
    '',
    ...[
      explanation(verdict),
      ...verdict.warnings.map((warning) => `Warning: ${warning}`),
      ...verdict.notes.map((note) => `Note: ${note}`),
    ].flatMap((line) => wrap(line)),
  ].join('\n');
}

function standings({ metric, contestants }: Verdict): string[] {
  const title = metricTitle(metric);
  const severalSeeds = contestants.some(({ deviation }) => deviation !== null);
  const columns: TextColumn[] = [
    { heading: 'name', align: 'left', flexible: true },
    { heading: title, align: 'right' },
    ...(severalSeeds
      ? [{ heading: '± over seeds', align: 'right' } as const, { heading: 'by seed', align: 'left' } as const]
      : []),
  ];
  return textTable(
    columns,
    contestants.map((contestant) => [
      { text: contestant.name },
      { text: formatDecimal(contestant.mean, 4) },
      ...(severalSeeds
        ? [
            { text: contestant.deviation === null ? '–' : formatDecimal(contestant.deviation, 4) },
            { text: bySeed(contestant) },
          ]
        : []),
    ]),
  );
}

function bySeed({ bySeed }: Contestant): string {
  return bySeed.map(({ value }) => formatDecimal(value, 3)).join(' ');
}

function pairs({ contestants, pairs }: Verdict): string[] {
  const columns: TextColumn[] = [
    { heading: 'better', align: 'left', flexible: true },
    { heading: 'than', align: 'left', flexible: true },
    { heading: 'by', align: 'right' },
    { heading: '95 % interval', align: 'right' },
    { heading: 'p (Holm)', align: 'right' },
    { heading: 'win/tie/loss', align: 'right' },
    { heading: 'detectable', align: 'left' },
  ];
  return textTable(
    columns,
    pairs.map((pair) => [
      { text: contestants[pair.a]!.name },
      { text: contestants[pair.b]!.name },
      { text: formatDecimal(pair.difference, 4) },
      { text: `${formatDecimal(pair.low, 4)} to ${formatDecimal(pair.high, 4)}` },
      { text: formatProbability(pair.adjustedP) },
      { text: `${pair.wins}/${pair.ties}/${pair.losses}` },
      { text: pair.detectable ? 'yes' : 'no' },
    ]),
  );
}

function explanation({ questions, seeds, point }: Verdict): string {
  const over =
    seeds.length === 0 ? 'each with its own seeds' : `seed${seeds.length === 1 ? '' : 's'} ${seeds.join(', ')}`;
  return `${formatCount(questions)} test questions, ${over}, ${describePoint(point)}. Intervals: paired bootstrap; p: randomisation test, 10,000 draws each, corrected for all pairs.`;
}

export function describePoint(point: VerdictPoint): string {
  switch (point.at) {
    case 'last':
      return 'at the last evaluation of each run';
    case 'best':
      return 'at the best evaluation of each run';
    case 'seconds':
      return `at the last evaluation within ${formatDuration(point.limit)} of training`;
    case 'documents':
    case 'tokens':
      return `at the last evaluation within ${formatCount(point.limit)} ${point.at}`;
  }
}
