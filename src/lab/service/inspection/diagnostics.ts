import { LabError } from '../../../shared/errors.ts';
import { runsOfRecipes } from '../../diagnostics/gradientsJob.ts';
import { diagnosticsOf } from '../../diagnostics/runDiagnostics.ts';
import { chooseDevice } from '../../engine/devices.ts';
import { trainingJob } from '../../training/job.ts';
import type { Implementations, ServiceContext } from '../context.ts';
import { findDatasetOfRun } from '../../data/findDataset.ts';
import { gradientsTask } from '../../diagnostics/gradientsTask.ts';
import { runTask } from '../../work/taskWorker.ts';

/** Why runs win or fail. Gradients are compared in a process of their own, one comparison at a time; it ends with its screen. */
export function diagnosticMethods({
  home,
  store,
  launcher,
}: ServiceContext): Implementations<'diagnostics.runs' | 'diagnostics.gradients' | 'diagnostics.cancelGradients'> {
  let current: AbortController | null = null;
  const cancel = (): void => current?.abort(new LabError('usage', 'The comparison of gradients was cancelled.'));
  return {
    'diagnostics.runs': ({ runs }) => store.atOneMoment(() => diagnosticsOf(store, runs)),

    'diagnostics.gradients': async ({ runs, batches }, connection) => {
      const { first, recipes } = runsOfRecipes(store, runs);
      cancel();
      const controller = new AbortController();
      current = controller;
      connection.onClose(() =>
        controller.abort(new LabError('usage', 'The screen that asked for gradients has gone.')),
      );
      const { folder: dataset } = await findDatasetOfRun(home, first);
      const device = await chooseDevice(first.configuration.training.device, launcher);
      controller.signal.throwIfAborted();
      const job = { job: trainingJob(home, first, dataset, device), recipes, batches };
      return runTask(launcher, gradientsTask, job, {
        signal: controller.signal,
        onProgress: (progress) => connection.notify({ type: 'comparingGradients', progress }),
      });
    },

    'diagnostics.cancelGradients': () => {
      cancel();
      return null;
    },
  };
}
