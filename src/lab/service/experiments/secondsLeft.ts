import type { RunStatus } from '../../../shared/contract/experiments.ts';
import type { Run, RunStart } from '../../../shared/history.ts';
import type { Pace } from '../../store/pace.ts';

/** A run of the same experiment with a known pace, for the estimate of a run that has not begun. */
export interface Reference {
  readonly start: RunStart;
  readonly pace: Pace;
}

/**
 * Estimated seconds until a run ends, from the pace of its last steps, or before its first step from the pace of
 * another run. Null if it will not continue or no pace is known.
 */
export function secondsLeft(run: Run, status: RunStatus, own: Pace | null, like: Reference | null): number | null {
  const start = run.start ?? like?.start;
  const pace = own ?? like?.pace;
  if (status === 'finished' || status === 'failed' || status === 'skipped' || !start || !pace) return null;
  const { training } = run.configuration;
  const from = run.steps_done;
  const affordable = Math.ceil(
    Math.max(0, 60 * (training.max_minutes ?? Infinity) - run.training_seconds) / pace.secondsPerStep,
  );
  const to = Math.min(start.steps, from + affordable);
  const last = to < start.steps ? 1 : 0;
  const untrained = from === 0 && training.eval_at_zero ? 1 : 0;
  const evaluations =
    untrained +
    evaluationsUpTo(to, start, training.eval_steps) -
    evaluationsUpTo(from, start, training.eval_steps) +
    last;
  return (to - from) * pace.secondsPerStep + evaluations * (pace.evaluationSeconds ?? 0);
}

/** Evaluations at the steps 1 to `step`: at the end of every epoch, and every `eval_steps` steps. */
function evaluationsUpTo(step: number, { steps_per_epoch: perEpoch }: RunStart, every: number | null): number {
  const atEpochs = Math.floor(step / perEpoch);
  if (every === null) return atEpochs;
  return atEpochs + Math.floor(step / every) - Math.floor(step / leastCommonMultiple(perEpoch, every));
}

function leastCommonMultiple(a: number, b: number): number {
  let [larger, smaller] = [a, b];
  while (smaller > 0) [larger, smaller] = [smaller, larger % smaller];
  return (a * b) / larger;
}
