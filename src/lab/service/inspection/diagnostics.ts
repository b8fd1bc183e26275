import type { GradientComparison } from '../../../shared/contract/diagnostics.ts';
import { findDatasetOfRun } from '../../data/findDataset.ts';
import { runsOfRecipes, type RunsOfRecipes } from '../../diagnostics/gradientsJob.ts';
import { gradientsTask } from '../../diagnostics/gradientsTask.ts';
import { diagnosticsOf } from '../../diagnostics/runDiagnostics.ts';
import { chooseDevice } from '../../engine/devices.ts';
import { trainingJob } from '../../training/job.ts';
import { runTask } from '../../work/taskWorker.ts';
import type { Implementations, ServiceContext } from '../context.ts';
import type { JobHost } from '../jobs/request.ts';

/** Why runs win or fail. Gradients are compared in a process of their own, one comparison at a time. */
export function diagnosticMethods(
  context: ServiceContext,
): Implementations<'diagnostics.runs' | 'diagnostics.gradients'> {
  const { store, jobs } = context;
  return {
    'diagnostics.runs': ({ runs }) => store.atOneMoment(() => diagnosticsOf(store, runs)),

    'diagnostics.gradients': (input, connection) => {
      const chosen = runsOfRecipes(store, input.runs);
      return jobs.run(
        {
          method: 'diagnostics.gradients',
          input,
          title: 'The comparison of gradients',
          alone: true,
          work: (host) => compare(context, chosen, input.batches, host),
        },
        connection,
      );
    },
  };
}

async function compare(
  { home, launcher }: ServiceContext,
  { first, recipes }: RunsOfRecipes,
  batches: number,
  { signal, report }: JobHost,
): Promise<GradientComparison> {
  const { folder: dataset } = await findDatasetOfRun(home, first);
  const device = await chooseDevice(first.configuration.training.device, launcher);
  const job = { job: trainingJob(home, first, dataset, device), recipes, batches };
  return runTask(launcher, gradientsTask, job, { signal, onProgress: report });
}
