import { Worker } from 'node:worker_threads';
import { entryFile } from '../base/entryFile.ts';
import type { PairOfScores, ResamplingSettings, Scores } from './resampling.ts';

const threadFile = entryFile('./resamplingThread', import.meta.url);

/** `comparePairs` in a thread of its own: 20 contestants on 10,000 questions take about three seconds. */
export function comparePairsApart(scores: Scores, settings: ResamplingSettings): Promise<PairOfScores[]> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(threadFile, { workerData: { scores, settings } });
    worker.once('message', resolve);
    worker.once('error', reject);
    // After a message this is too late to change anything.
    worker.once('exit', (code) => reject(new Error(`The thread that compares pairs ended with exit code ${code}.`)));
  });
}
