import { serve } from '../../src/lab/work/serve.ts';
import { loadTask, type AnyTask, type Run, type Talk, type Task } from '../../src/lab/work/task.ts';

/** Makes this process a worker that does one task by a script, and all others as they are done. */
export function serveScripted<Job, Result, T extends Talk>(
  task: Task<Job, Result, T>,
  script: Run<Job, Result, T>,
): void {
  const scripted: Task<Job, Result, T> = { ...task, open: () => script };
  serve((name) => (name === task.name ? Promise.resolve(scripted as unknown as AnyTask) : loadTask(name)));
}
