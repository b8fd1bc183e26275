/** Entry of a thread that computes BM25, so that whoever asks goes on meanwhile. */
import { parentPort, workerData } from 'node:worker_threads';
import { LabError } from '../../shared/errors.ts';
import type { Bm25Answer, Bm25Task } from './bm25Apart.ts';
import { bm25Results } from './bm25Baseline.ts';

const { data, cache } = workerData as Bm25Task;
parentPort!.postMessage(await answer());

/** Anything but a LabError ends the thread, and is reported by its end. */
async function answer(): Promise<Bm25Answer> {
  try {
    return { results: await bm25Results(data, cache) };
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    const { code, message, fix } = error;
    return { failure: { code, message, fix } };
  }
}
