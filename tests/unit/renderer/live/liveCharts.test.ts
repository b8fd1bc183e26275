import { expect, test } from 'vitest';
import {
  chartedRuns,
  liveMetricChart,
  measuredMetrics,
  RunCharts,
} from '../../../../src/renderer/features/live/liveCharts.ts';
import { applyChange, fromSnapshot } from '../../../../src/renderer/features/live/liveExperiment.ts';
import { change, evaluation, runView, series, snapshot, startedRun } from './helpers.ts';

const live = () =>
  fromSnapshot(
    snapshot({
      series: [series('a', [1, 2], { loss: [3, 2] }), series('b', [1], { loss: [9] })],
      evaluations: { a: [evaluation(0, 0.4), evaluation(2, 0.5)] },
    }),
  );

test('a run without news keeps its chart; one with news has another', () => {
  const following = live();
  const charts = new RunCharts();
  const runs = chartedRuns(following.experiment.runList);
  const chart = (id: string) => charts.chart(following, runs, id, 'loss');
  const [a, b] = [chart('a'), chart('b')];
  applyChange(following, change(8, { series: [series('a', [3], { loss: [1] })] }));
  expect(chart('b')).toBe(b);
  expect(chart('a')).not.toBe(a);
  expect([...Array.from(chart('a').curves[0]!.y)]).toEqual([3, 2, 1]);
});

test('runs stay the same to charts while only their progress changes', () => {
  const before = chartedRuns([startedRun('a', 10), runView('b')]);
  expect(chartedRuns([startedRun('a', 10, { steps_done: 3 }), runView('b')], before)).toBe(before);
  expect(chartedRuns([startedRun('a', 10), startedRun('b', 10)], before)).not.toBe(before);
});

test('runs of one recipe are told apart by their seeds', () => {
  const runs = chartedRuns([
    runView('x', { name: 'infonce', seed: 1 }),
    runView('y', { name: 'infonce', seed: 2 }),
    runView('z'),
  ]);
  expect(runs.map(({ name }) => name)).toEqual(['infonce, seed 1', 'infonce, seed 2', 'z']);
});

test('metrics of all runs share an axis, with the untrained encoder as a line to the end', () => {
  const { evaluations } = live();
  const chart = liveMetricChart(chartedRuns([startedRun('a', 50), runView('b')]), evaluations, 'mrr@10');
  expect(chart.curves.map(({ id, x, y }) => [id, x, y])).toEqual([
    ['baseline', [0, 50], [0.4, 0.4]],
    ['a', [0, 2], [0.4, 0.5]],
  ]);
  expect(measuredMetrics(evaluations)).toEqual(['mrr@10']);
});
