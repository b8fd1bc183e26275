import { runScript } from './child.ts';
import { median } from './figures.ts';
import type { BenchOptions } from './part.ts';
import type { BareJob } from './processes/bareProducts.ts';
import type { StepFigures, StepJob } from './processes/step.ts';
import type { Product } from './products.ts';

/** In the first steps memory is being allocated. */
const warmup = 2;

/** Steps in a process of their own. */
export function measureSteps(
  job: Omit<StepJob, 'steps' | 'cacheBatch' | 'profile'> & Partial<StepJob>,
): Promise<StepFigures> {
  return runScript(
    'step.ts',
    JSON.stringify({ steps: warmup + 3, cacheBatch: null, profile: false, ...job } satisfies StepJob),
  );
}

/** Of the steps for which memory was there. */
export function stepSeconds({ seconds }: { readonly seconds: readonly number[] }): number {
  return median(seconds.slice(warmup));
}

export function measureBareProducts(products: readonly Product[], { scale, device }: BenchOptions): Promise<number[]> {
  const rounds = scale === 'long' ? 5 : 1;
  return runScript('bareProducts.ts', JSON.stringify({ products, device, rounds } satisfies BareJob));
}
