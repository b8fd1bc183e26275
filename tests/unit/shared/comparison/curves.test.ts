import { describe, expect, test } from 'vitest';
import { seriesStyle } from '../../../../src/shared/charts/palette.ts';
import { metricBars } from '../../../../src/shared/comparison/charts/metricBars.ts';
import { metricChart, seriesCharts, type CurveOptions } from '../../../../src/shared/comparison/charts/curves.ts';
import { groupsOf, type BandChoice } from '../../../../src/shared/comparison/groups.ts';
import { frontierNames, qualityChart } from '../../../../src/shared/comparison/charts/qualityChart.ts';
import {
  isBaseline,
  recipeRowId,
  rowsOf,
  type BaselineRow,
  type RowsBy,
} from '../../../../src/shared/comparison/rows.ts';
import { drawableSeries } from '../../../../src/shared/comparison/charts/seriesNames.ts';
import type { StepSeries } from '../../../../src/shared/contract/experiments.ts';
import { comparedRun, comparison } from './helpers.ts';

const found = comparison([
  comparedRun('a', [0.5, 0.7, 0.6], { loss_type: 'infonce', seed: 1 }),
  comparedRun('b', [0.3, 0.35], { loss_type: 'infonce', seed: 2 }),
  comparedRun('t', [0.4], { loss_type: 'triplet' }),
]);
const bm25 = [{ name: 'BM25', runs: ['a', 'b', 't'], metrics: { 'mrr@10': 0.55 }, missing: null }];
const steps = Float64Array.from({ length: 30 }, (_, i) => i + 1);
const seriesOf = (run: string, factor = 1): StepSeries => ({
  run,
  steps,
  columns: {
    loss: steps.map((step) => factor / step),
    gradient_norm: steps,
    documents: steps.map((step) => 16 * step),
    training_seconds: steps.map((step) => step / 10),
  },
});
const styles = new Map(['a', 'b', 't', 'recipe/infonce', 'recipe/triplet'].map((id, i) => [id, seriesStyle(i)]));

function options(by: RowsBy, more: Partial<CurveOptions> & { hidden?: readonly string[] } = {}): CurveOptions {
  const rows = rowsOf(found, bm25, by);
  const chosen = new Set(rows.map(({ id }) => id).filter((id) => !more.hidden?.includes(id)));
  const band: BandChoice = more.band ?? 'range';
  return {
    axis: 'step',
    weight: 0,
    logY: false,
    band,
    groups: groupsOf(rows, chosen, styles, band),
    baselines: rows.filter(isBaseline).filter(({ id }) => chosen.has(id)),
    series: new Map([seriesOf('a'), seriesOf('b', 3), seriesOf('t')].map((each) => [each.run, each])),
    ...more,
  };
}
const curveOf = (
  chart: { curves: readonly { id: string; x: ArrayLike<number>; y: ArrayLike<number> }[] },
  id: string,
) => chart.curves.find((curve) => curve.id === id)!;

describe('run by run', () => {
  test('a metric of all chosen runs; the untrained encoder and BM25 are named lines to the end of the longest', () => {
    const { curves, spread } = metricChart('mrr@10', options('run'));
    expect(curves.map(({ id }) => id)).toEqual(['untrained/untrained', 'bm25/BM25', 'a', 'b', 't']);
    expect(curves[0]).toMatchObject({ x: [0, 30], y: [0.4, 0.4], named: true, style: { pattern: 'dashed' } });
    expect(curves[1]).toMatchObject({ name: 'BM25', y: [0.55, 0.55], style: { colour: null, pattern: 'dotted' } });
    expect(Array.from(curves[2]!.x)).toEqual([0, 10, 20, 30]);
    expect(spread).toBeUndefined();
    expect(
      metricChart('mrr@10', options('run', { hidden: ['a', 't', 'bm25/BM25', 'untrained/untrained'] })).curves.map(
        ({ id }) => id,
      ),
    ).toEqual(['b']);
  });

  test('the best checkpoint is marked where it was measured, also when the line is smoothed', () => {
    expect(curveOf(metricChart('mrr@10', options('run')), 'a')).toMatchObject({ best: { x: 20, y: 0.7 } });
    expect(curveOf(metricChart('mrr@10', options('run', { weight: 0.9 })), 'a')).toMatchObject({
      best: { x: 20, y: 0.7 },
      raw: [0.4, 0.5, 0.7, 0.6],
    });
  });

  test.each([
    ['epoch', 6],
    ['examples', 480],
    ['seconds', 3],
  ] as const)('against %s', (axis, end) => {
    expect(Array.from(curveOf(metricChart('mrr@10', options('run', { axis })), 'a').x).at(-1)).toBe(end);
  });
});

describe('recipe by recipe', () => {
  test('a line is the mean over seeds, its band from lowest to highest; where one run ended before, the count says so', () => {
    const curve = metricChart('mrr@10', options('recipe')).curves.find(({ id }) => id === 'recipe/infonce')!;
    expect(Array.from(curve.x)).toEqual([0, 10, 20, 30]);
    expect(Array.from(curve.y)).toEqual([0.4, 0.4, (0.7 + 0.35) / 2, 0.6]);
    expect(Array.from(curve.band!.low)).toEqual([0.4, 0.3, 0.35, NaN]);
    expect(Array.from(curve.band!.high)).toEqual([0.4, 0.5, 0.7, NaN]);
    expect(Array.from(curve.band!.counts)).toEqual([2, 2, 2, 1]);
    expect(curve.best).toBeUndefined();
  });

  test('the band is what was chosen, and the chart says which', () => {
    const at = (band: BandChoice) => metricChart('mrr@10', options('recipe', { band }));
    const reach = (band: BandChoice) => {
      const { y, band: edges } = at(band).curves.find(({ id }) => id === 'recipe/infonce')!;
      return edges!.high[1]! - y[1]!;
    };
    const deviation = Math.sqrt(0.02); // of 0.5 and 0.3
    expect(reach('std')).toBeCloseTo(deviation);
    expect(reach('stderr')).toBeCloseTo(deviation / Math.SQRT2);
    expect(reach('ci95')).toBeCloseTo((12.7062 * deviation) / Math.SQRT2, 4);
    expect(at('std').spread).toEqual({ title: 'standard deviation', symmetric: true });
    expect(at('range').spread!.symmetric).toBe(false);
  });

  test('each run alone: no band, the colour of the recipe, the best checkpoint', () => {
    const { curves, spread } = metricChart('mrr@10', options('recipe', { band: 'runs' }));
    expect(curves.slice(2).map(({ id, style }) => [id, style])).toEqual([
      ['a', seriesStyle(3)],
      ['b', seriesStyle(3)],
      ['t', seriesStyle(4)],
    ]);
    expect(spread).toBeUndefined();
    expect(curves[2]!.best).toEqual({ x: 20, y: 0.7 });
  });

  test('seeds stand at the mean of what each had spent at a step', () => {
    const slow = comparison([
      comparedRun('a', [0.5], { loss_type: 'infonce', seed: 1 }),
      comparedRun('b', [0.3], { loss_type: 'infonce', seed: 2 }),
    ]);
    const [a, b] = slow.runs;
    const later = {
      ...b!,
      evaluations: b!.evaluations.map((each) => ({
        ...each,
        compute: { ...each.compute, seconds: 3 * each.compute.seconds },
      })),
    };
    const groups = [{ id: 'g', name: 'g', style: seriesStyle(0), runs: [a!, later] }];
    expect(
      Array.from(metricChart('mrr@10', { ...options('recipe'), axis: 'seconds', groups, baselines: [] }).curves[0]!.x),
    ).toEqual([0, 2]);
  });

  test('smoothing keeps the measured mean and band for readings', () => {
    const curve = metricChart('mrr@10', options('recipe', { weight: 0.5 })).curves.find(
      ({ id }) => id === 'recipe/infonce',
    )!;
    expect(Array.from(curve.raw!)).toEqual([0.4, 0.4, (0.7 + 0.35) / 2, 0.6]);
    expect(Array.from(curve.rawBand!.high)).toEqual([0.4, 0.5, 0.7, NaN]);
    expect(curve.band!.high[2]).toBeLessThan(0.7);
  });
});

test('losses of different kinds have charts of their own; seeds of one recipe share one', () => {
  expect(seriesCharts(found, 'loss', options('run')).map(({ curves }) => curves.map(({ id }) => id))).toEqual([
    ['a', 'b'],
    ['t'],
  ]);
  const [infonce] = seriesCharts(found, 'loss', options('recipe'));
  expect(infonce!.title).toBe('Training loss, infonce');
  expect([infonce!.curves[0]!.y[0], infonce!.curves[0]!.band!.low[0], infonce!.curves[0]!.band!.high[0]]).toEqual([
    2, 1, 3,
  ]);
});

test('what is measured alike for all losses is drawn together', () => {
  expect(seriesCharts(found, 'gradient_norm', options('run')).map(({ curves }) => curves.length)).toEqual([3]);
});

test('curves that can be drawn: the loss first, what others are drawn against left out', () => {
  expect(drawableSeries(['acc', 'documents', 'gradient_norm', 'loss', 'training_seconds'])).toEqual([
    'loss',
    'gradient_norm',
    'acc',
  ]);
});

test('bars at the best and at the last evaluation, with error bars over seeds', () => {
  const bars = (by: RowsBy, at: 'best' | 'last', band: BandChoice = 'range') =>
    metricBars(['mrr@10'], at, options(by, { band })).bars;
  expect(bars('run', 'best').map(({ values }) => values[0])).toEqual([0.4, 0.55, 0.7, 0.35, 0.4]);
  expect(bars('run', 'last').map(({ values }) => values[0])).toEqual([0.4, 0.55, 0.6, 0.35, 0.4]);
  const [, , infonce, triplet] = bars('recipe', 'last');
  expect(infonce).toMatchObject({ name: 'infonce', band: { low: [0.35], high: [0.6], counts: [2] } });
  expect(infonce!.values[0]).toBeCloseTo(0.475);
  expect(triplet).not.toHaveProperty('band');
  expect(bars('recipe', 'last', 'runs').map(({ name }) => name)).toEqual(['untrained', 'BM25', 'a', 'b', 't']);
});

test('the bar of BM25 keeps its place while it is computed, and goes where there is none of it', () => {
  const [untrained, waiting] = options('run').baselines;
  const names = (metrics: BaselineRow['metrics']) =>
    metricBars(['mrr@10'], 'last', { ...options('run'), baselines: [untrained!, { ...waiting!, metrics }] }).bars.map(
      ({ name }) => name,
    );
  expect(names(null).slice(0, 2)).toEqual(['untrained', 'BM25']);
  expect(names({})).not.toContain('BM25');
});

test('quality against cost: the frontier is the best for each price, as stairs to the end', () => {
  const { recipes } = found;
  const chart = qualityChart(recipes, options('recipe').baselines, {
    metric: 'mrr@10',
    unit: 'documents',
    band: 'range',
    styles,
  });
  const frontier = chart.curves.find(({ id }) => id === 'frontier')!;
  expect(frontier).toMatchObject({ stairs: true });
  expect([Array.from(frontier.x), Array.from(frontier.y)]).toEqual([
    [160, 320, 480],
    [0.4, (0.7 + 0.35) / 2, 0.6],
  ]);
  expect(chart).toMatchObject({ title: 'MRR@10 against cost', xTitle: 'Examples', wholeX: true });
  expect(chart.curves.filter(({ marked }) => marked).map(({ name, style }) => [name, style])).toEqual(
    recipes.map((recipe) => [recipe.name, styles.get(recipeRowId(recipe))]),
  );
  expect(frontierNames(recipes, 'mrr@10', 'documents')).toEqual(['infonce']);
});
