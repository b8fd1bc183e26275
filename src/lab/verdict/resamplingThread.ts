/** Entry of a thread that compares pairs, so that whoever asks goes on meanwhile. */
import { parentPort, workerData } from 'node:worker_threads';
import { comparePairs, type ResamplingSettings, type Scores } from './resampling.ts';

const { scores, settings } = workerData as { scores: Scores; settings: ResamplingSettings };
parentPort!.postMessage(comparePairs(scores, settings));
