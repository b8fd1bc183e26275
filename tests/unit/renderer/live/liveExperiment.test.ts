import { expect, test } from 'vitest';
import { applyChange, fromSnapshot } from '../../../../src/renderer/features/live/liveExperiment.ts';
import { change, evaluation, runView, series, snapshot } from './helpers.ts';

const noticed = (run: string, seq: number, message: string) =>
  ({ run, seq, time: '2026-01-01T00:00:00Z', event: { type: 'notice', run, message } }) as const;

test('the next change is taken in', () => {
  const live = fromSnapshot(snapshot({ series: [series('a', [1], { loss: [2] })] }));
  const applied = applyChange(
    live,
    change(8, {
      status: 'paused',
      runs: [runView('a', { status: 'paused', steps_done: 2 })],
      series: [series('a', [2], { loss: [1] })],
      evaluations: { a: [evaluation(2, 0.5)] },
    }),
  );
  expect(applied).toBe('applied');
  expect(live.seq).toBe(8);
  expect(live.experiment.status).toBe('paused');
  expect(live.experiment.runList.map(({ id, status }) => [id, status])).toEqual([
    ['a', 'paused'],
    ['b', 'queued'],
  ]);
  expect([...live.curves.get('a')!.column('loss')]).toEqual([2, 1]);
  expect(live.evaluations.get('a')).toEqual([evaluation(2, 0.5)]);
});

test('a change that comes twice, or was in the snapshot, changes nothing', () => {
  const live = fromSnapshot(snapshot({ series: [series('a', [1], { loss: [2] })] }));
  const next = change(8, { series: [series('a', [2], { loss: [1] })], log: [noticed('a', 1, 'x')] });
  applyChange(live, next);
  expect(applyChange(live, next)).toBe('old');
  expect(applyChange(live, change(3, { series: [series('a', [9], { loss: [9] })] }))).toBe('old');
  expect([...live.curves.get('a')!.steps]).toEqual([1, 2]);
  expect(live.log).toHaveLength(1);
});

test('a gap is noticed, and nothing is guessed', () => {
  const live = fromSnapshot(snapshot());
  expect(applyChange(live, change(9, { series: [series('a', [5], { loss: [1] })] }))).toBe('gap');
  expect(live.seq).toBe(7);
  expect(live.curves.size).toBe(0);
});

test('going back to a checkpoint takes back steps and evaluations after it', () => {
  const live = fromSnapshot(
    snapshot({
      series: [series('a', [1, 2, 3, 4], { loss: [4, 3, 2, 1] })],
      evaluations: { a: [evaluation(0, 0.1), evaluation(2, 0.2), evaluation(4, 0.4)] },
    }),
  );
  applyChange(live, change(8, { series: [series('a', [3], { loss: [9] })], evaluations: { a: [evaluation(3, 0.3)] } }));
  expect([...live.curves.get('a')!.steps]).toEqual([1, 2, 3]);
  expect(live.evaluations.get('a')!.map(({ step }) => step)).toEqual([0, 2, 3]);
});

test('an evaluation that comes again takes the place of the one before', () => {
  const live = fromSnapshot(snapshot({ evaluations: { a: [evaluation(0, 0.1)] } }));
  applyChange(live, change(8, { evaluations: { a: [evaluation(0, 0.2)], b: [evaluation(0, 0.2)] } }));
  expect(live.evaluations.get('a')).toEqual([evaluation(0, 0.2)]);
  expect(live.evaluations.get('b')).toHaveLength(1);
});

test('the log has every entry once', () => {
  const live = fromSnapshot(snapshot({ log: [noticed('a', 1, 'first')] }));
  applyChange(
    live,
    change(8, { log: [noticed('a', 1, 'first'), noticed('a', 2, 'second'), noticed('b', 1, 'other')] }),
  );
  expect(live.log.map(({ run, seq }) => `${run}${seq}`)).toEqual(['a1', 'a2', 'b1']);
});
