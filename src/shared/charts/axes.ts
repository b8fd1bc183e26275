import type { Compute } from '../compute.ts';

/** What a learning curve is drawn against. `whole`: its labels are whole numbers. */
export const axes = {
  step: { title: 'Step', whole: true, help: 'Optimiser updates' },
  epoch: { title: 'Epoch', whole: true, help: 'Passes over the training questions' },
  examples: { title: 'Examples', whole: true, help: 'Questions and answers seen, duplicates counted' },
  seconds: {
    title: 'Training time (s)',
    whole: false,
    help: 'Seconds of training, evaluation not counted: a comparison at equal compute',
  },
} as const;
export type Axis = keyof typeof axes;

/** The columns of a run that its axes need. */
export const axisColumns = ['documents', 'training_seconds'] as const;

export interface AxisSource {
  readonly steps: ArrayLike<number>;
  readonly columns: Readonly<Record<string, ArrayLike<number>>>;
  /** Null before training has started. */
  readonly stepsPerEpoch: number | null;
}

/** Where the steps of a run lie on an axis; NaN where that is not known. */
export function stepsOnAxis(axis: Axis, source: AxisSource): ArrayLike<number> {
  switch (axis) {
    case 'step':
      return source.steps;
    case 'epoch':
      return Float64Array.from(source.steps, (step) => step / (source.stepsPerEpoch ?? NaN));
    case 'examples':
      return source.columns.documents ?? unknown(source.steps.length);
    case 'seconds':
      return source.columns.training_seconds ?? unknown(source.steps.length);
  }
}

/** Where the evaluations of a run lie on an axis: each tells what had been spent by then. */
export function evaluationsOnAxis(
  axis: Axis,
  evaluations: readonly { readonly step: number; readonly compute: Compute }[],
  stepsPerEpoch: number | null,
): Float64Array {
  return Float64Array.from(evaluations, ({ step, compute }) => {
    // The untrained encoder has seen nothing, whatever is known of its run.
    if (step === 0 || axis === 'step') return step;
    if (axis === 'epoch') return step / (stepsPerEpoch ?? NaN);
    return axis === 'examples' ? compute.documents : compute.seconds;
  });
}

/** Index of the last of ascending `values` that is at most `limit`; -1 where none is. */
export function lastAtOrBefore(values: ArrayLike<number>, limit: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (values[middle]! <= limit) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Index of the one of ascending `values` that is nearest to `target`; -1 where there are none. */
export function nearest(values: ArrayLike<number>, target: number): number {
  const before = lastAtOrBefore(values, target);
  const after = before + 1;
  if (after >= values.length) return before;
  if (before < 0) return after;
  return target - values[before]! <= values[after]! - target ? before : after;
}

function unknown(length: number): Float64Array {
  return new Float64Array(length).fill(NaN);
}
