import { Command } from 'commander';
import { openHome } from '../../lab/store/home.ts';
import { openStore } from '../../lab/store/runStore.ts';
import { reportComparison, type ReportFiles } from '../comparison.ts';
import type { CommonOptions } from '../output.ts';
import { chosenRuns } from '../runs.ts';

export function compareCommand(): Command {
  return new Command('compare')
    .description('Compare runs with each other and with the untrained encoder.')
    .argument('[runs...]', 'runs, by the beginning of their ids (default: those of the newest experiment)')
    .option('--csv <file>', 'write every metric of every run')
    .option('--png <file>', 'draw bars and learning curves')
    .action(async (ids: string[], options: CommonOptions & ReportFiles) => {
      using store = openStore(openHome(options.home));
      await reportComparison(store, chosenRuns(store, ids), options, options);
    });
}
