import type { RunDataReference } from '../data/runData.ts';
import { defineTask } from '../work/task.ts';
import type { Bm25Results } from './bm25Baseline.ts';

export interface Bm25Job {
  readonly data: RunDataReference;
  /** Folder of the home's cache. */
  readonly cache: string;
}

/** Reading a large dataset and indexing its words takes seconds. */
export const bm25Task = defineTask<Bm25Job, Bm25Results>({
  module: import.meta.url,
  what: 'The thread that computes BM25',
  fix: 'Close other programs and try again.',
  async run({ data, cache }) {
    const { bm25Results } = await import('./bm25Baseline.ts');
    return bm25Results(data, cache);
  },
});
