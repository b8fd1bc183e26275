import { LabError } from '../../../shared/errors.ts';
import { chosenColumns } from '../../inspector/choose.ts';
import type { MapJob } from '../../map/job.ts';
import { mapTask } from '../../map/mapTask.ts';
import { runTask } from '../../work/taskWorker.ts';
import type { Implementations, ServiceContext } from '../context.ts';

/** Maps, each made in a process of its own. */
export function mapMethods(context: ServiceContext): Implementations<'map.make'> {
  return {
    'map.make': (input, connection) =>
      context.jobs.run(
        {
          method: 'map.make',
          input,
          title: 'The map',
          work: async ({ signal, report }) =>
            runTask(context.launcher, mapTask, await mapJob(context, input.runs), { signal, onProgress: report }),
        },
        connection,
      ),
  };
}

/** Throws the LabError of a run that cannot be laid out: a map of the other alone was not asked for. */
async function mapJob({ store, home }: ServiceContext, ids: readonly string[]): Promise<MapJob> {
  const { data, columns } = await chosenColumns(store, ids, []);
  const runs = columns.map((column) => {
    if ('encoder' in column) return { run: column.key, name: column.name, seed: column.seed!, encoder: column.encoder };
    const { message, fix } = 'problem' in column ? column.problem : { message: 'it has no encoder', fix: '' };
    throw new LabError('usage', `${column.name}: ${message}`, fix);
  });
  return { data, runs, cache: home.cache };
}
