import { defineTask } from '../../../../../src/lab/work/task.ts';
import { exampleTask, type ExampleJob } from './exampleTask.ts';

/** The example within limits. */
export const limitedTask = defineTask<ExampleJob, unknown>({
  module: import.meta.url,
  what: 'The example',
  fix: 'Try a smaller example.',
  limits: { seconds: 3, memoryBytes: 256 * 2 ** 20 },
  run: async (job, host) => (await exampleTask.open(undefined))(job, host),
});
