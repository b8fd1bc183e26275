import {
  diagnosticDescriptions,
  diagnosticNames,
  marginBins,
  marginBin,
  marginTitles,
  shareAhead,
  type DiagnosedStep,
  type DiagnosticName,
  type MarginKind,
} from '../../../shared/diagnostics.ts';
import type { Curve, LineChart } from '../../../shared/charts/chart.ts';
import type { SeriesStyle } from '../../../shared/charts/palette.ts';

/** Diagnostics of runs as charts, as data: what embeddings are like over training. */

export interface DiagnosedRun {
  readonly id: string;
  readonly name: string;
  readonly style: SeriesStyle;
  /** Ascending by step. */
  readonly evaluations: readonly DiagnosedStep[];
  /** Share of a batch's examples whose loss is zero; null for a loss that never is. */
  readonly zeroLoss: { readonly steps: ArrayLike<number>; readonly values: ArrayLike<number> } | null;
}

export interface DiagnosticChart {
  readonly key: string;
  readonly meaning: string;
  readonly chart: LineChart;
}

/** A chart of each figure that was measured, and of the share of examples without a loss where a loss can be zero. */
export function diagnosticCharts(runs: readonly DiagnosedRun[]): DiagnosticChart[] {
  const zero = zeroLossChart(runs);
  return [...diagnosticNames.map((name) => figureChart(runs, name)), ...(zero ? [zero] : [])].filter(
    ({ chart }) => chart.curves.length > 0,
  );
}

function figureChart(runs: readonly DiagnosedRun[], name: DiagnosticName): DiagnosticChart {
  const { title, meaning, digits } = diagnosticDescriptions[name];
  const curves = runs.flatMap(({ id, name: run, style, evaluations }): Curve[] => {
    const measured = evaluations.filter(({ diagnostics }) => diagnostics.figures[name] !== null);
    return measured.length === 0
      ? []
      : [
          {
            id,
            name: run,
            style,
            marked: true,
            x: measured.map(({ step }) => step),
            y: measured.map(({ diagnostics }) => diagnostics.figures[name]!),
          },
        ];
  });
  return { key: name, meaning, chart: { ...stepChart(title), digits, curves } };
}

export const zeroLossMeaning =
  'Share of the examples of a batch, 0 to 1, whose loss is zero. These examples no longer train the encoder. Near 1, training stands still.';

function zeroLossChart(runs: readonly DiagnosedRun[]): DiagnosticChart | null {
  const curves = runs.flatMap(({ id, name, style, zeroLoss }): Curve[] =>
    zeroLoss && zeroLoss.values.length > 0 ? [{ id, name, style, x: zeroLoss.steps, y: zeroLoss.values }] : [],
  );
  if (curves.length === 0) return null;
  return {
    key: 'zero_loss',
    meaning: zeroLossMeaning,
    chart: { ...stepChart('Share of examples with zero loss'), digits: 3, curves },
  };
}

function stepChart(title: string): Omit<LineChart, 'curves' | 'digits'> {
  return { kind: 'lines', title, xTitle: 'Step', wholeX: true, yTitle: '', logY: false };
}

/** Margins over training: a column for each evaluation, a cell for each bin that is not empty throughout. */
export interface MarginMap {
  readonly title: string;
  readonly steps: readonly number[];
  /** Lower edges of the rows, from the highest down. */
  readonly rows: readonly number[];
  /** Share of the questions, 0 to 1, by column and row. */
  readonly shares: readonly (readonly number[])[];
  /** The largest share. */
  readonly highest: number;
  /** Share of the questions whose right answer is ahead, by column. */
  readonly ahead: readonly number[];
}

/** Null where no evaluation has counted margins of this kind. The row below 0 and the row above it are always there. */
export function marginMap(evaluations: readonly DiagnosedStep[], kind: MarginKind): MarginMap | null {
  const counted = evaluations.filter(({ diagnostics }) => diagnostics.margins[kind].length > 0);
  if (counted.length === 0) return null;
  const used = counted.flatMap(({ diagnostics }) =>
    diagnostics.margins[kind].flatMap((count, bin) => (count > 0 ? [bin] : [])),
  );
  const zero = marginBin(0);
  const lowest = Math.min(zero, ...used);
  const bins = Array.from({ length: Math.max(zero + 1, ...used) - lowest + 1 }, (_, index) => lowest + index).reverse();
  const shares = counted.map(({ diagnostics }) => {
    const counts = diagnostics.margins[kind];
    const total = counts.reduce((sum, count) => sum + count, 0);
    return bins.map((bin) => counts[bin]! / total);
  });
  return {
    title: marginTitles[kind],
    steps: counted.map(({ step }) => step),
    rows: bins.map((bin) => marginBins.from + bin * marginBins.width),
    shares,
    highest: Math.max(...shares.flat()),
    ahead: counted.map(({ diagnostics }) => shareAhead(diagnostics.margins[kind])!),
  };
}
