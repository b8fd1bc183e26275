import { expect, test } from 'vitest';
import { diagnosedRuns, findingsIn } from '../../../../src/renderer/features/live/liveDiagnostics.ts';
import type { LogEntry, WatchedEvaluation } from '../../../../src/shared/contract/experiments.ts';
import type { HealthKind } from '../../../../src/shared/health.ts';

const runs = [
  { id: 'a', name: 'A', steps: 10 },
  { id: 'b', name: 'B', steps: null },
];
const found = (run: string, seq: number, kind: HealthKind, step = seq): LogEntry => ({
  run,
  seq,
  time: '',
  event: { run, type: 'health', step, kind, message: `Step ${step}.`, fix: 'Less.' },
});

test('evaluations without diagnostics leave a run that was not measured; runs without any are left out', () => {
  const evaluation: WatchedEvaluation = {
    step: 0,
    epoch: 0,
    seconds: 1,
    training_seconds: 0,
    metrics: {},
    diagnostics: null,
  };
  expect(diagnosedRuns(new Map([['a', [evaluation]]]), runs)).toMatchObject([{ id: 'a', name: 'A', evaluations: [] }]);
});

test('a finding of each kind and run, the last one, and the same list while there is nothing new', () => {
  const log = [
    found('a', 1, 'collapse'),
    found('b', 1, 'collapse'),
    { run: 'a', seq: 2, time: '', event: { run: 'a', type: 'notice', message: 'x' } } as const,
    found('a', 3, 'collapse', 7),
  ];
  const findings = findingsIn(log, runs);
  expect(findings).toEqual([
    { run: 'a', name: 'A', kind: 'collapse', step: 7, message: 'Step 7.', fix: 'Less.' },
    { run: 'b', name: 'B', kind: 'collapse', step: 1, message: 'Step 1.', fix: 'Less.' },
  ]);
  expect(findingsIn(log, runs, findings)).toBe(findings);
  expect(findingsIn([...log, found('b', 2, 'stuck_at_margin')], runs, findings)).toHaveLength(3);
});
