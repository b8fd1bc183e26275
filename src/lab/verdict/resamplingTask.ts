import { defineTask } from '../work/task.ts';
import type { PairOfScores, ResamplingSettings, Scores } from './resampling.ts';

export interface ResamplingJob {
  readonly scores: Scores;
  readonly settings: ResamplingSettings;
}

/** 20 contestants on 10,000 questions take about three seconds. */
export const resamplingTask = defineTask<ResamplingJob, PairOfScores[]>({
  module: import.meta.url,
  what: 'The thread that compares pairs',
  fix: 'Compare fewer runs at a time.',
  async run({ scores, settings }) {
    const { comparePairs } = await import('./resampling.ts');
    return comparePairs(scores, settings);
  },
});
