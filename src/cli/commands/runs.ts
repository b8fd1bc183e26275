import { Command } from 'commander';
import { openHome } from '../../lab/files/home.ts';
import { openStore } from '../../lab/store/runStore.ts';
import { print, table, type CommonOptions } from '../output.ts';
import { formatDuration } from '../../shared/format.ts';

export function runsCommand(): Command {
  return new Command('runs').description('List all runs, oldest first.').action((options: CommonOptions) => {
    using store = openStore(openHome(options.home));
    const runs = store.listRuns();
    print(options, runs, () =>
      runs.length === 0
        ? 'No runs yet. "losslab demo" trains some on the shipped sample.'
        : table(
            ['Run', 'Name', 'Dataset', 'Encoder', 'State', '>Steps', '>Training'],
            runs.map((run) => {
              const { encoder } = run.configuration;
              const steps = `${run.steps_done}/${run.start?.steps ?? '?'}`;
              return [
                run.id,
                run.name,
                run.dataset.name,
                encoder.folder ?? encoder.kind,
                run.state,
                steps,
                formatDuration(run.training_seconds),
              ];
            }),
          ),
    );
  });
}
