import type { ExperimentSummary, RunStatus, RunView } from '../../../shared/contract/experiments.ts';
import type { RunFailure } from '../../../shared/history.ts';
import { formatAmount, formatShare } from '../../../shared/format.ts';
import { nameAmong } from './liveCharts.ts';

/** How far an experiment is, from its runs. */

const atRest: readonly RunStatus[] = ['finished', 'skipped'];

/** Of its steps, 0 to 1. A run with a budget of minutes may finish before its last step. */
export function runProgress(run: RunView): number {
  if (run.status === 'finished') return 1;
  return run.start ? Math.min(1, run.steps_done / run.start.steps) : 0;
}

/** Of the work, 0 to 1: nothing is left to do for a run that was skipped. */
export function totalProgress(runs: readonly RunView[]): number {
  return (
    runs.reduce((sum, run) => sum + (atRest.includes(run.status) ? 1 : runProgress(run)), 0) / Math.max(1, runs.length)
  );
}

/**
 * Seconds until all runs have ended. A run that has not started is expected to take as long as
 * those before it on average. Null where nothing is known yet.
 */
export function totalSecondsLeft(runs: readonly RunView[]): number | null {
  const open = runs.filter(({ status }) => !atRest.includes(status) && status !== 'failed');
  if (open.length === 0) return 0;
  const durations = runs.filter(({ status }) => status === 'finished').map(({ training_seconds }) => training_seconds);
  for (const run of open) if (run.secondsLeft !== null) durations.push(run.training_seconds + run.secondsLeft);
  if (durations.length === 0) return null;
  const usual = durations.reduce((a, b) => a + b) / durations.length;
  return open.reduce((sum, run) => sum + (run.secondsLeft ?? Math.max(0, usual - run.training_seconds)), 0);
}

/** The run that is being trained, or waits in the middle of it. */
export function currentRun(runs: readonly RunView[]): RunView | null {
  return runs.find(({ status }) => status === 'running') ?? runs.find(({ status }) => status === 'paused') ?? null;
}

/** `InfoNCE: Evaluating 40%`; without a share where nobody knows how much there is to do. */
export function describePhase(run: string, { name, done, total }: NonNullable<RunView['phase']>): string {
  return `${run}: ${name}${total > 0 ? ` ${formatShare(done / total, 0)}` : ' …'}`;
}

/** What runs failed of, or were interrupted by: those with the same reason together, by their names. */
export function groupFailures(runs: readonly RunView[]): Pick<RunFailure, 'message' | 'fix'>[] {
  const groups = Map.groupBy(
    runs.filter(({ failure }) => failure !== null),
    ({ failure }) => failure!.message,
  );
  return [...groups].map(([message, group]) => ({
    message: `${group.map((run) => nameAmong(runs, run)).join(', ')}: ${message}`,
    fix: group[0]!.failure!.fix,
  }));
}

const notEnded: readonly ExperimentSummary['status'][] = ['queued', 'waiting', 'running', 'paused'];

/** How an experiment has ended, in plain words; null as long as it goes on, or has not begun. */
export function describeEnd(status: ExperimentSummary['status'], runs: readonly RunView[]): string | null {
  if (notEnded.includes(status)) return null;
  const count = (wanted: RunStatus): number => runs.filter((run) => run.status === wanted).length;
  const [finished, failed, skipped] = [count('finished'), count('failed'), count('skipped')];
  if (finished === runs.length)
    return finished === 1 ? 'The run is finished.' : `All ${runs.length} runs are finished.`;
  const others = [
    failed > 0 && `${failed} failed`,
    skipped > 0 && `${skipped} skipped`,
    finished + failed + skipped < runs.length && `${runs.length - finished - failed - skipped} can be resumed`,
  ];
  return `${finished} of ${formatAmount(runs.length, 'run')} finished, ${others.filter(Boolean).join(', ')}.`;
}

/** What a person can do with an experiment in this state. */
export interface Controls {
  readonly start: 'Start' | 'Continue' | null;
  readonly pause: boolean;
  readonly unpause: boolean;
  readonly cancel: boolean;
  readonly skip: boolean;
}

export function controlsOf(
  { status, foreign }: Pick<ExperimentSummary, 'status' | 'foreign'>,
  runs: readonly RunView[],
): Controls {
  const none: Controls = { start: null, pause: false, unpause: false, cancel: false, skip: false };
  if (foreign) return none;
  switch (status) {
    case 'running':
      return { ...none, pause: true, cancel: true, skip: true };
    case 'paused':
      return { ...none, unpause: true, cancel: true, skip: true };
    case 'waiting':
      return { ...none, cancel: true };
    default:
      return { ...none, start: startWord(runs) };
  }
}

function startWord(runs: readonly RunView[]): Controls['start'] {
  if (runs.every(({ status }) => atRest.includes(status))) return null;
  return runs.every(({ status }) => status === 'queued') ? 'Start' : 'Continue';
}
