import { defineService } from '../../../../../src/lab/work/task.ts';
import { LabError } from '../../../../../src/shared/errors.ts';

/** Keeps a sum between its jobs. A job waits until it is cancelled where it is to add nothing. */
export const keepingTask = defineService<{ readonly first: number }, number, number>({
  module: import.meta.url,
  what: 'The sum',
  fix: '',
  open({ first }) {
    if (first < 0) throw new LabError('data', 'A sum begins at 0 or more.', 'Begin at 0.');
    let sum = first;
    let cancelled = 0;
    return async (added, { signal }) => {
      if (added === 0)
        await new Promise<void>((resolve) =>
          signal.addEventListener('abort', () => {
            cancelled++;
            resolve();
          }),
        );
      return (sum += added) + 1000 * cancelled;
    };
  },
});
