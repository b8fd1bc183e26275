import { stepEvent } from '../../../tests/helpers/syntheticStore.ts';
import type { StepEvent } from '../../../src/shared/events.ts';

/** The script of a training process, shared with the check of its records. */
export interface LoadScript {
  readonly steps: number;
  /** After each pass except the last, it waits for an unpause and starts again. */
  readonly passes: number;
  readonly stepsPerSecond: number;
}

/** Each step of each run has figures of its own. */
export function scriptedStep(run: string, step: number): StepEvent {
  return stepEvent(run, step, { loss: scriptedLoss(run, step), metrics: { acc: 1 / (1 + step) } });
}

export function scriptedLoss(run: string, step: number): number {
  const seed = [...run].reduce((sum, letter) => (31 * sum + letter.codePointAt(0)!) % 9973, 7);
  return 1 + Math.sin(seed + step * 12.9898);
}
