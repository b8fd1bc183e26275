import { Command, Option } from 'commander';
import { openHome } from '../../lab/files/home.ts';
import { openStore } from '../../lab/store/runStore.ts';
import { bandKinds } from '../../shared/spread.ts';
import { reportComparison, type ComparisonOptions } from '../comparison.ts';
import type { CommonOptions } from '../output.ts';
import { chosenRuns } from '../runs.ts';

export function compareCommand(): Command {
  return new Command('compare')
    .description('Compare runs with each other, with the untrained encoder and with BM25.')
    .argument('[runs...]', 'run ids or unique prefixes (default: the runs of the newest experiment)')
    .addOption(
      new Option(
        '--by <row>',
        'one row per recipe (seeds averaged) or per run (default: recipe if there are several seeds)',
      ).choices(['recipe', 'run']),
    )
    .option('--csv <file>', 'write every metric of every run')
    .option('--png <file>', 'draw bars and learning curves, averaged over seeds')
    .addOption(new Option('--band <band>', 'band around the means in the chart').choices(bandKinds).default('ci95'))
    .action(async (ids: string[], options: CommonOptions & ComparisonOptions) => {
      using store = openStore(openHome(options.home));
      await reportComparison(store, chosenRuns(store, ids), options, options);
    });
}
