import { Worker } from 'node:worker_threads';
import { LabError, type ErrorCode } from '../../shared/errors.ts';
import { entryFile } from '../base/entryFile.ts';
import type { RunDataReference } from '../data/runData.ts';
import type { Bm25Results } from './bm25Baseline.ts';

export interface Bm25Task {
  readonly data: RunDataReference;
  /** Folder of the home's cache. */
  readonly cache: string;
}

/** An error loses what it is on its way out of a thread. */
export type Bm25Answer =
  | { readonly results: Bm25Results }
  | { readonly failure: { readonly code: ErrorCode; readonly message: string; readonly fix: string } };

const threadFile = entryFile('./bm25Thread', import.meta.url);

/**
 * `bm25Results` in a thread of its own: reading a large dataset and indexing its words takes seconds. Throws what
 * reading the dataset throws.
 */
export async function bm25Apart(task: Bm25Task): Promise<Bm25Results> {
  const answer = await new Promise<Bm25Answer>((resolve, reject) => {
    const worker = new Worker(threadFile, { workerData: task });
    worker.once('message', resolve);
    worker.once('error', reject);
    // After a message this is too late to change anything.
    worker.once('exit', (code) => reject(new Error(`The thread that computes BM25 ended with exit code ${code}.`)));
  });
  if ('results' in answer) return answer.results;
  throw new LabError(answer.failure.code, answer.failure.message, answer.failure.fix);
}
