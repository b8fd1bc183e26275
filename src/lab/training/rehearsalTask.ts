import { defineTask } from '../work/task.ts';
import type { RehearsalFigures, RehearsalJob } from './rehearsal.ts';

export const rehearsalTask = defineTask<RehearsalJob, RehearsalFigures>({
  module: import.meta.url,
  what: 'The rehearsal',
  fix: 'Try a smaller batch_size or encoder: the machine may have run out of memory.',
  async run(job, { report }) {
    const { rehearse } = await import('./rehearsal.ts');
    return rehearse(job, report);
  },
});
