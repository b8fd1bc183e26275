import { expect, test } from 'vitest';
import { describeEvent } from '../../../../src/renderer/features/live/describeEvent.ts';
import {
  controlsOf,
  currentRun,
  describeEnd,
  describePhase,
  groupFailures,
  runProgress,
  totalProgress,
  totalSecondsLeft,
} from '../../../../src/renderer/features/live/progress.ts';
import { runView, startedRun } from './helpers.ts';

const finished = startedRun('a', 10, { status: 'finished', steps_done: 10, training_seconds: 30 });
const half = startedRun('b', 10, { steps_done: 5, training_seconds: 10, secondsLeft: 12 });
const queued = runView('c');

test('progress of a run and of all', () => {
  expect([finished, half, queued].map(runProgress)).toEqual([1, 0.5, 0]);
  expect(totalProgress([finished, half, queued])).toBe(0.5);
  expect(totalProgress([runView('d', { status: 'skipped' }), queued])).toBe(0.5);
});

test('runs that have not begun are expected to take as long as the others', () => {
  expect(totalSecondsLeft([finished, half, queued])).toBe(12 + (30 + 22) / 2);
  expect(totalSecondsLeft([finished])).toBe(0);
  expect(totalSecondsLeft([queued])).toBeNull();
});

test('the current run is the one in training', () => {
  expect(currentRun([finished, half, queued])?.id).toBe('b');
  expect(currentRun([finished, queued])).toBeNull();
});

test('how an experiment has ended is said in words, while it goes on nothing is', () => {
  expect(describeEnd('running', [finished, half])).toBeNull();
  expect(describeEnd('finished', [finished])).toBe('The run is finished.');
  expect(describeEnd('finished', [finished, { ...finished, id: 'e' }])).toBe('All 2 runs are finished.');
  expect(
    describeEnd('failed', [finished, runView('d', { status: 'failed' }), runView('e', { status: 'skipped' })]),
  ).toBe('1 of 3 runs finished, 1 failed, 1 skipped.');
  expect(describeEnd('stopped', [finished, half, queued])).toBe('1 of 3 runs finished, 2 can be resumed.');
});

test('what a run does beside steps, with how far it is where that is known', () => {
  expect(describePhase('InfoNCE', { name: 'Evaluating', done: 1, total: 4 })).toBe('InfoNCE: Evaluating 25 %');
  expect(describePhase('InfoNCE', { name: 'Loading the data', done: 0, total: 0 })).toBe('InfoNCE: Loading the data …');
});

test.each([
  ['running', { pause: true, cancel: true, skip: true, start: null, unpause: false }],
  ['paused', { unpause: true, cancel: true, skip: true, pause: false }],
  ['waiting', { cancel: true, skip: false }],
  ['stopped', { start: 'Continue', cancel: false }],
] as const)('what can be done while %s', (status, expected) => {
  expect(controlsOf({ status, foreign: false }, [finished, half])).toMatchObject(expected);
});

test('nothing can be done with what is finished, or trained by another program; what is new can be started', () => {
  expect(controlsOf({ status: 'finished', foreign: false }, [finished]).start).toBeNull();
  expect(controlsOf({ status: 'running', foreign: true }, [half])).toMatchObject({
    pause: false,
    cancel: false,
    skip: false,
  });
  expect(controlsOf({ status: 'queued', foreign: false }, [queued]).start).toBe('Start');
});

test('events in plain words', () => {
  expect(
    describeEvent({
      type: 'failed',
      run: 'a',
      step: 3,
      code: 'device',
      message: 'Out of memory.',
      fix: 'Use a smaller batch.',
    }),
  ).toEqual({
    tone: 'bad',
    text: 'Failed at step 3: Out of memory. Use a smaller batch.',
  });
  expect(
    describeEvent({ type: 'finished', run: 'a', step: 40, training_seconds: 12.34, encoder: 'x', peak_memory_bytes: 1 })
      .text,
  ).toBe('Finished after 40 steps and 12 s of training.');
});

test('runs with the same reason are named together', () => {
  const because = (message: string) => ({ code: 'device' as const, message, fix: 'Resume it.' });
  const runs = [
    runView('a', { failure: because('The GPU was lost.') }),
    runView('b', { failure: because('Not started because run a was interrupted.') }),
    runView('c'),
    runView('d', { failure: because('Not started because run a was interrupted.') }),
  ];
  expect(groupFailures(runs)).toEqual([
    { message: 'a: The GPU was lost.', fix: 'Resume it.' },
    { message: 'b, d: Not started because run a was interrupted.', fix: 'Resume it.' },
  ]);
});
