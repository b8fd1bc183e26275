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
    .argument('[runs...]', 'runs, by the beginning of their ids (default: those of the newest experiment)')
    .addOption(
      new Option(
        '--by <row>',
        'a row for each recipe, its seeds as one, or for each run (default: recipe where there are several seeds)',
      ).choices(['recipe', 'run']),
    )
    .option('--csv <file>', 'write every metric of every run')
    .option('--png <file>', 'draw bars and learning curves, seeds as one')
    .addOption(new Option('--band <band>', 'around the means of the picture').choices(bandKinds).default('ci95'))
    .action(async (ids: string[], options: CommonOptions & ComparisonOptions) => {
      using store = openStore(openHome(options.home));
      await reportComparison(store, chosenRuns(store, ids), options, options);
    });
}
