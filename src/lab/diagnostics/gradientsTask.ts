import type { GradientComparison } from '../../shared/contract/diagnostics.ts';
import { defineTask } from '../work/task.ts';
import type { GradientsJob } from './compareGradients.ts';

export const gradientsTask = defineTask<GradientsJob, GradientComparison>({
  module: import.meta.url,
  what: 'The comparison of gradients',
  fix: 'Compare fewer recipes: the machine may have run out of memory.',
  async run(job, { report }) {
    const { compareGradients } = await import('./compareGradients.ts');
    return compareGradients(job, report);
  },
});
