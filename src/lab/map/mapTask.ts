import type { EmbeddingMap } from '../../shared/contract/map.ts';
import { defineTask } from '../work/task.ts';
import type { MapJob } from './job.ts';

export const mapTask = defineTask<MapJob, EmbeddingMap>({
  module: import.meta.url,
  what: 'The process that makes the map',
  fix: 'Close other programs and try again.',
  async run(job, { report }) {
    const { makeMap } = await import('./makeMap.ts');
    return makeMap(job, report);
  },
});
