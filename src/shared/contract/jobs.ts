import type { Progress } from '../progress.ts';
import type { Failure } from './messages.ts';

/** Methods that take a while. Each call is a job of the lab, not of the screen that asks for it. */
export const jobMethods = [
  'datasets.import',
  'datasets.verify',
  'diagnostics.gradients',
  'encoders.verify',
  'experiments.rehearse',
  'inspector.query',
  'inspector.question',
  'map.make',
] as const;
export type JobMethod = (typeof jobMethods)[number];

/**
 * A job that is going on, or that ended when no screen was waiting for it. Calling its method with its input again
 * joins it, or gives what it came to.
 */
export interface JobView {
  /** See `jobKey`. */
  readonly key: string;
  readonly method: JobMethod;
  readonly input: unknown;
  /** Subject of a sentence about it. */
  readonly title: string;
  readonly state: 'running' | 'done' | 'failed';
  /** Null until it has said something. */
  readonly progress: Progress | null;
  /** Of one that failed. */
  readonly failure: Failure | null;
}
