import { Command } from 'commander';
import { LabError } from '../../shared/errors.ts';
import type { Run } from '../../shared/history.ts';
import { restoreDatasetOfRun } from '../../lab/data/datasetOfPath.ts';
import { findConditions } from '../../lab/experiments/conditions.ts';
import { openHome } from '../../lab/files/home.ts';
import { openStore } from '../../lab/store/runStore.ts';
import { reportTrained } from '../comparison.ts';
import { requireFinished, trainRuns } from '../experiment.ts';
import { launcher } from '../launcher.ts';
import { addMlflowOptions, sendingOn, type MlflowOptions } from '../mlflow.ts';
import { say, type CommonOptions } from '../output.ts';

interface Options extends CommonOptions, MlflowOptions {}

export function resumeCommand(): Command {
  const command = new Command('resume')
    .description('Resume a run that was stopped, interrupted or failed from its last checkpoint.')
    .argument('<run>', 'run id or unique prefix');
  return addMlflowOptions(
    command,
    'send metrics to this MLflow server (default: the one that the run was sent to before, if any)',
  ).action(resume);
}

async function resume(id: string, options: Options): Promise<void> {
  const home = openHome(options.home);
  using store = openStore(home);
  const run = requireUnfinished(store.getRun(id));
  const sending = sendingOn(store, run, options);
  await restoreDatasetOfRun(home, run, (name) =>
    say(options, `Importing ${run.configuration.data_path} again as dataset ${name}`),
  );
  const conditions = await findConditions(store, launcher, run.experiment);
  const runs = await trainRuns(store, [run], conditions, options, (each) => sending.recorded(each));
  await reportTrained(store, [run.id], {}, options);
  await sending.finish();
  requireFinished(runs);
}

function requireUnfinished(run: Run): Run {
  if (run.state !== 'finished') return run;
  throw new LabError(
    'usage',
    `Run ${run.id} is finished: it cannot be resumed.`,
    'Train its configuration again as a new run.',
  );
}
