import type { DeviceName } from '../../src/shared/device.ts';
import type { Part } from '../harness/runPart.ts';
import type { Figure } from './figures.ts';

export interface BenchOptions {
  /** `short` is the form for tests: the same work on the smallest useful data. */
  readonly scale: 'long' | 'short';
  readonly device: DeviceName;
}

/** A part of `npm run bench`. */
export interface BenchPart extends Part<BenchOptions, Figure> {
  /** The devices on which it can be measured. */
  readonly devices: readonly DeviceName[];
  /** Whether it has a short form. */
  readonly short: boolean;
}
