import { expect, test } from 'vitest';
import {
  diagnosticCharts,
  marginMap,
  type DiagnosedRun,
} from '../../../../src/renderer/features/diagnostics/diagnosedRuns.ts';
import { marginBin, type DiagnosedStep } from '../../../../src/shared/diagnostics.ts';
import { seriesStyle } from '../../../../src/shared/charts/palette.ts';

function diagnosed(step: number, margins: readonly number[], hardMargin: number | null = null): DiagnosedStep {
  const counts = new Array<number>(80).fill(0);
  for (const margin of margins) counts[marginBin(margin)]!++;
  const figures = {
    alignment: 1 + step,
    uniformity: -1,
    mean_cosine: 0.1,
    effective_rank: 20,
    in_batch_margin: 0.2,
    hard_margin: hardMargin,
  };
  return {
    step,
    training_seconds: step,
    diagnostics: { pairs: margins.length, figures, margins: { in_batch: counts, hard: [] } },
  };
}

const run = (
  id: string,
  evaluations: readonly DiagnosedStep[],
  zeroLoss: DiagnosedRun['zeroLoss'] = null,
): DiagnosedRun => ({ id, name: id.toUpperCase(), style: seriesStyle(0), evaluations, zeroLoss });

test('a chart for each figure that was measured, a curve for each run that has it', () => {
  const charts = diagnosticCharts([
    run('a', [diagnosed(0, [0.1]), diagnosed(5, [0.1], 0.3)]),
    run('b', [diagnosed(0, [0.1])]),
    run('old', []),
  ]);
  expect(charts.map(({ key }) => key)).toEqual([
    'alignment',
    'uniformity',
    'mean_cosine',
    'effective_rank',
    'in_batch_margin',
    'hard_margin',
  ]);
  expect(charts[0]!.chart.curves).toMatchObject([
    { name: 'A', x: [0, 5], y: [1, 6] },
    { name: 'B', x: [0], y: [1] },
  ]);
  expect(charts[5]!.chart.curves).toMatchObject([{ name: 'A', x: [5], y: [0.3] }]);
  for (const { meaning } of charts) expect(meaning).not.toBe('');
});

test('zero loss has a chart where a loss can be zero, and old runs have none at all', () => {
  expect(diagnosticCharts([run('old', [])])).toEqual([]);
  const [chart] = diagnosticCharts([run('a', [], { steps: [1, 2], values: [0, 0.5] })]);
  expect(chart).toMatchObject({ key: 'zero_loss', chart: { curves: [{ name: 'A', x: [1, 2], y: [0, 0.5] }] } });
});

test('margins over training: the rows between the lowest and the highest, shares by column', () => {
  const map = marginMap(
    [diagnosed(0, [-0.12, -0.12, 0.02, 0.02]), diagnosed(5, [-0.02, 0.02, 0.07, 0.07])],
    'in_batch',
  )!;
  expect(map.steps).toEqual([0, 5]);
  expect(map.rows.map((edge) => Number(edge.toFixed(2)) + 0)).toEqual([0.05, 0, -0.05, -0.1, -0.15]);
  expect(map.shares).toEqual([
    [0, 0.5, 0, 0, 0.5],
    [0.5, 0.25, 0.25, 0, 0],
  ]);
  expect(map.highest).toBe(0.5);
  expect(map.ahead).toEqual([0.5, 0.75]);
});

test('both sides of 0 are always there; without margins there is no map', () => {
  expect(marginMap([diagnosed(0, [0.32])], 'in_batch')!.rows.at(-1)).toBeCloseTo(-0.05, 12);
  expect(marginMap([diagnosed(0, [-0.32])], 'in_batch')!.rows[0]).toBeCloseTo(0, 12);
  expect(marginMap([diagnosed(0, [0.32])], 'hard')).toBeNull();
  expect(marginMap([], 'in_batch')).toBeNull();
});
