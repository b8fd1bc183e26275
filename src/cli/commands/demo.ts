import { Command } from 'commander';
import { resolveConfiguration } from '../../shared/configuration.ts';
import { findDataset, sampleName } from '../../lab/data/findDataset.ts';
import { planRuns } from '../../lab/experiments/create.ts';
import { presetNames, readPreset } from '../../lab/experiments/presets.ts';
import { openHome } from '../../lab/files/home.ts';
import { openStore } from '../../lab/store/runStore.ts';
import { reportTrained } from '../comparison.ts';
import { requireFinished, trainExperiment } from '../experiment.ts';
import { say, type CommonOptions } from '../output.ts';

/** Small enough to train in a minute on two cores, large enough to separate the losses. */
const demoSettings = { encoder: 'static', batch_size: 32, epochs: 5, device: 'auto' };

export function demoCommand(): Command {
  return new Command('demo')
    .description('Train the seven presets on the shipped sample and compare them.')
    .action(async (options: CommonOptions) => {
      const home = openHome(options.home);
      using store = openStore(home);
      const dataset = await findDataset(home, sampleName);
      say(
        options,
        `The shipped sample: ${dataset.manifest.counts.questions} made-up questions with ${dataset.manifest.counts.answers} answers.`,
      );
      const planned = planRuns(
        presetNames.map((name) => resolveConfiguration({ ...readPreset(name), ...demoSettings })),
      );
      const runs = await trainExperiment(store, { name: 'Demo', dataset, runs: planned }, options);
      await reportTrained(
        store,
        runs.map(({ id }) => id),
        { csv: 'comparison.csv', png: 'comparison.png' },
        options,
      );
      requireFinished(runs);
    });
}
