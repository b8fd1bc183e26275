import { expect, test } from 'vitest';
import { lineStyle } from '../../../../src/renderer/charts/palette.ts';
import { drawableSeries, metricBars, metricChart, seriesCharts, type CurveOptions } from '../../../../src/renderer/features/compare/curves.ts';
import type { StepSeries } from '../../../../src/shared/contract/experiments.ts';
import { comparedRun, comparison } from './helpers.ts';

const found = comparison([
  comparedRun('a', [0.5, 0.7, 0.6], { loss_type: 'infonce', seed: 1 }),
  comparedRun('b', [0.3, 0.35], { loss_type: 'infonce', seed: 2 }),
  comparedRun('t', [0.4], { loss_type: 'triplet' }),
]);
const steps = Float64Array.from({ length: 30 }, (_, i) => i + 1);
const seriesOf = (run: string): StepSeries => ({ run, steps, columns: { loss: steps.map((step) => 1 / step), gradient_norm: steps, documents: steps.map((step) => 16 * step), training_seconds: steps.map((step) => step / 10) } });
const options = (more: Partial<CurveOptions> = {}): CurveOptions => ({
  axis: 'step', weight: 0, logY: false, chosen: new Set(['baseline/untrained', 'a', 'b', 't']),
  styles: new Map(['a', 'b', 't'].map((id, i) => [id, lineStyle(i)])), series: new Map(['a', 'b', 't'].map((id) => [id, seriesOf(id)])), ...more,
});
const curveOf = (chart: { curves: readonly { id: string; x: ArrayLike<number>; y: ArrayLike<number> }[] }, id: string) => chart.curves.find((curve) => curve.id === id)!;

test('a metric of all chosen runs, with the untrained encoder as a dashed line to the end of the longest', () => {
  const { curves } = metricChart(found, 'mrr@10', options());
  expect(curves.map(({ id }) => id)).toEqual(['baseline/untrained', 'a', 'b', 't']);
  expect(curves[0]).toMatchObject({ x: [0, 30], y: [0.4, 0.4], style: { pattern: 'dashed' } });
  expect([...Array.from(curves[1]!.x)]).toEqual([0, 10, 20, 30]);
  expect(metricChart(found, 'mrr@10', options({ chosen: new Set(['b']) })).curves.map(({ id }) => id)).toEqual(['b']);
});

test('the best checkpoint is marked where it was measured, also when the line is smoothed', () => {
  expect(metricChart(found, 'mrr@10', options()).curves[1]!.best).toEqual({ x: 20, y: 0.7 });
  const smoothed = metricChart(found, 'mrr@10', options({ weight: 0.9 })).curves[1]!;
  expect(smoothed.best).toEqual({ x: 20, y: 0.7 });
  expect(smoothed.raw).toEqual([0.4, 0.5, 0.7, 0.6]);
});

test.each([['epoch', 6], ['examples', 480], ['seconds', 3]] as const)('against %s', (axis, end) => {
  expect(Array.from(curveOf(metricChart(found, 'mrr@10', options({ axis })), 'a').x).at(-1)).toBe(end);
});

test('losses of different kinds have charts of their own; seeds of one recipe share one', () => {
  const charts = seriesCharts(found, 'loss', options());
  expect(charts.map(({ curves }) => curves.map(({ id }) => id))).toEqual([['a', 'b'], ['t']]);
});

test('what is measured alike for all losses is drawn together', () => {
  expect(seriesCharts(found, 'gradient_norm', options()).map(({ curves }) => curves.length)).toEqual([3]);
});

test('curves that can be drawn: the loss first, what others are drawn against left out', () => {
  expect(drawableSeries(['acc', 'documents', 'gradient_norm', 'loss', 'training_seconds'])).toEqual(['loss', 'gradient_norm', 'acc']);
});

test('bars at the best and at the last evaluation', () => {
  const values = (at: 'best' | 'last') => metricBars(found, ['mrr@10'], at, options()).bars.map((bar) => bar.values[0]);
  expect(values('best')).toEqual([0.4, 0.7, 0.35, 0.4]);
  expect(values('last')).toEqual([0.4, 0.6, 0.35, 0.4]);
});
