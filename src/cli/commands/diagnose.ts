import { Command } from 'commander';
import { compareGradients } from '../../lab/diagnostics/compareGradients.ts';
import { runsOfRecipes } from '../../lab/diagnostics/gradientsJob.ts';
import { diagnosticsOf } from '../../lab/diagnostics/runDiagnostics.ts';
import { chooseDevice } from '../../lab/engine/devices.ts';
import { diagnosticsText, gradientsText } from '../../lab/reports/diagnosticsTable.ts';
import { findDatasetOfRun } from '../../lab/data/findDataset.ts';
import { openHome } from '../../lab/files/home.ts';
import { openStore } from '../../lab/store/runStore.ts';
import { trainingJob } from '../../lab/training/job.ts';
import { formatCount } from '../../shared/format.ts';
import { launcher } from '../launcher.ts';
import { print, type CommonOptions } from '../output.ts';
import { chosenRuns } from '../runs.ts';
import { Ticker } from '../ticker.ts';
import { positiveInteger } from '../values.ts';

interface Options extends CommonOptions {
  readonly gradients?: boolean;
  readonly batches: number;
}

export function diagnoseCommand(): Command {
  return new Command('diagnose')
    .description(
      'Show why runs win or fail: diagnostics of embeddings, findings of the health guard, gradients of losses.',
    )
    .argument('[runs...]', 'run ids or unique prefixes (default: the runs of the newest experiment)')
    .option(
      '--gradients',
      "compare the gradients of the runs' losses on the same batches instead: one run per recipe, all with one seed",
    )
    .option('--batches <n>', 'number of batches for --gradients', positiveInteger, 8)
    .action(async (ids: string[], { gradients, batches, ...options }: Options) => {
      using store = openStore(openHome(options.home));
      const runs = chosenRuns(store, ids);
      if (!gradients) {
        const diagnostics = diagnosticsOf(store, runs);
        return print(options, diagnostics, () => diagnosticsText(diagnostics));
      }
      const { first, recipes } = runsOfRecipes(store, runs);
      const { folder: dataset } = await findDatasetOfRun(store.home, first);
      const device = await chooseDevice(first.configuration.training.device, launcher);
      const ticker = new Ticker(options);
      const comparison = await compareGradients(
        { job: trainingJob(store.home, first, dataset, device), recipes, batches },
        ({ message, done, total }) =>
          ticker.show(total > 1 ? `${message}: ${formatCount(done)} of ${formatCount(total)}` : message),
      );
      ticker.end();
      print(options, comparison, () => gradientsText(comparison));
    });
}
