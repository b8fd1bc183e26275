import { Command } from 'commander';
import { LabError } from '../../shared/errors.ts';
import { chooseDevice } from '../../lab/engine/devices.ts';
import { findDataset } from '../../lab/data/findDataset.ts';
import { openHome } from '../../lab/files/home.ts';
import { openStore } from '../../lab/store/runStore.ts';
import { reportTrained } from '../comparison.ts';
import { datasetOfPath } from '../dataset.ts';
import { requireFinished, trainOne } from '../experiment.ts';
import { launcher } from '../launcher.ts';
import type { CommonOptions } from '../output.ts';

export function resumeCommand(): Command {
  return new Command('resume')
    .description('Go on with a run that was stopped, interrupted or failed, from its last checkpoint.')
    .argument('<run>', 'the run, by the beginning of its id')
    .action(async (id: string, options: CommonOptions) => {
      const home = openHome(options.home);
      using store = openStore(home);
      const run = store.getRun(id);
      const { data_path } = run.configuration;
      const dataset =
        data_path === null
          ? await findDataset(home, run.dataset.name)
          : await datasetOfPath(home, data_path, false, options).catch(() => findDataset(home, run.dataset.name));
      if (dataset.manifest.content.sha256 !== run.dataset.hash) {
        throw new LabError(
          'data',
          `The dataset "${run.dataset.name}" is not the one that run ${run.id} was trained on: its content has changed.`,
          'Import the original data again, or train a new run.',
        );
      }
      // A run goes on where it was: another device would give other bits.
      const device = await chooseDevice(run.start?.device ?? run.configuration.training.device, launcher);
      await trainOne(store, run, dataset.folder, device, run.name, options);
      await reportTrained(store, [run.id], {}, options);
      requireFinished([store.getRun(run.id)]);
    });
}
