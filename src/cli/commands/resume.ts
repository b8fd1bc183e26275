import { Command } from 'commander';
import { chooseDevice } from '../../lab/engine/devices.ts';
import { restoreDatasetOfRun } from '../../lab/data/datasetOfPath.ts';
import { openHome } from '../../lab/files/home.ts';
import { openStore } from '../../lab/store/runStore.ts';
import { reportTrained } from '../comparison.ts';
import { requireFinished, trainOne } from '../experiment.ts';
import { launcher } from '../launcher.ts';
import { say, type CommonOptions } from '../output.ts';

export function resumeCommand(): Command {
  return new Command('resume')
    .description('Go on with a run that was stopped, interrupted or failed, from its last checkpoint.')
    .argument('<run>', 'the run, by the beginning of its id')
    .action(async (id: string, options: CommonOptions) => {
      const home = openHome(options.home);
      using store = openStore(home);
      const run = store.getRun(id);
      const dataset = await restoreDatasetOfRun(home, run, (name) =>
        say(options, `Importing ${run.configuration.data_path} again as dataset ${name}`),
      );
      // A run goes on where it was: another device would give other bits.
      const device = await chooseDevice(run.start?.device ?? run.configuration.training.device, launcher);
      await trainOne(store, run, dataset.folder, device, run.name, options);
      await reportTrained(store, [run.id], {}, options);
      requireFinished([store.getRun(run.id)]);
    });
}
