import type { DeviceName } from '../src/shared/device.ts';
import type { Figure } from './figures.ts';

export interface BenchOptions {
  /** `short` is what the tests run: the same work on as little as makes sense. */
  readonly scale: 'long' | 'short';
  readonly device: DeviceName;
}

/** A part of `npm run bench`. */
export interface BenchPart {
  readonly what: string;
  /** Where it can be measured. */
  readonly devices: readonly DeviceName[];
  /** Whether it has a short form. */
  readonly short: boolean;
  run(options: BenchOptions): Promise<Figure[]>;
}
