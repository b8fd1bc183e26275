import { existsSync } from 'node:fs';
import { Command } from 'commander';
import { LabError } from '../../shared/errors.ts';
import type { Run } from '../../shared/history.ts';
import { listAllDatasets } from '../../lab/data/findDataset.ts';
import { findConditions } from '../../lab/experiments/conditions.ts';
import { openHome, type Home } from '../../lab/files/home.ts';
import { openStore } from '../../lab/store/runStore.ts';
import { reportTrained } from '../comparison.ts';
import { datasetOfPath } from '../dataset.ts';
import { requireFinished, trainRuns } from '../experiment.ts';
import { launcher } from '../launcher.ts';
import type { CommonOptions } from '../output.ts';

export function resumeCommand(): Command {
  return new Command('resume')
    .description('Resume a run that was stopped, interrupted or failed from its last checkpoint.')
    .argument('<run>', 'the run, by the beginning of its id')
    .action(async (id: string, options: CommonOptions) => {
      const home = openHome(options.home);
      using store = openStore(home);
      const run = requireUnfinished(store.getRun(id));
      await restoreDataset(home, run, options);
      const conditions = await findConditions(store, launcher, run.experiment);
      const runs = await trainRuns(store, [run], conditions, options);
      await reportTrained(store, [run.id], {}, options);
      requireFinished(runs);
    });
}

function requireUnfinished(run: Run): Run {
  if (run.state !== 'finished') return run;
  throw new LabError('usage', `Run ${run.id} is finished.`, 'Train its configuration again to get a new run.');
}

/** Imports the run's data_path again if the dataset that was made of it has been deleted. */
async function restoreDataset(home: Home, { configuration, dataset }: Run, options: CommonOptions): Promise<void> {
  const { data_path } = configuration;
  if (data_path === null || !existsSync(data_path)) return;
  const datasets = await listAllDatasets(home);
  if (!datasets.some(({ name }) => name === dataset.name)) await datasetOfPath(home, data_path, false, options);
}
