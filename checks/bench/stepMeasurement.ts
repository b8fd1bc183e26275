import { runScript } from './child.ts';
import { median } from './figures.ts';
import type { BenchOptions } from './part.ts';
import type { BareJob } from './processes/bareProducts.ts';
import type { StepFigures, StepJob } from './processes/step.ts';
import type { Product } from './products.ts';

/** The first steps allocate memory. */
const warmup = 2;

/** Runs steps in a separate process. */
export function measureSteps(
  job: Omit<StepJob, 'steps' | 'cacheBatch' | 'profile'> & Partial<StepJob>,
): Promise<StepFigures> {
  return runScript(
    'step.ts',
    JSON.stringify({ steps: warmup + 3, cacheBatch: null, profile: false, ...job } satisfies StepJob),
  );
}

/** Seconds of the steps after memory was allocated. */
export function stepSeconds({ seconds }: { readonly seconds: readonly number[] }): number {
  return median(seconds.slice(warmup));
}

export function measureBareProducts(products: readonly Product[], { scale, device }: BenchOptions): Promise<number[]> {
  const rounds = scale === 'long' ? 5 : 1;
  return runScript('bareProducts.ts', JSON.stringify({ products, device, rounds } satisfies BareJob));
}
