import { Command, Option } from 'commander';
import { parseMetric, verdictOf } from '../../lab/verdict/contestants.ts';
import { openHome } from '../../lab/files/home.ts';
import { openStore } from '../../lab/store/runStore.ts';
import { verdictText } from '../../lab/reports/verdictTable.ts';
import { verdictMetric } from '../../shared/comparison.ts';
import { computeUnits } from '../../shared/compute.ts';
import type { VerdictPoint } from '../../shared/verdict.ts';
import { print, type CommonOptions } from '../output.ts';
import { chosenRuns } from '../runs.ts';
import { positiveNumber } from '../values.ts';

interface Options extends CommonOptions {
  readonly metric: string;
  readonly at: VerdictPoint['at'];
  readonly limit?: number;
}

export function verdictCommand(): Command {
  return new Command('verdict')
    .description('Show which loss is best, by how much, and whether the difference could be chance.')
    .argument('[runs...]', 'run ids or unique prefixes (default: the runs of the newest experiment)')
    .option('--metric <metric>', 'metric to compare', verdictMetric)
    .addOption(
      new Option(
        '--at <point>',
        'evaluation to compare: the last, the best of each run, or the last within equal compute',
      )
        .choices(['last', 'best', ...computeUnits])
        .default('last'),
    )
    .option(
      '--limit <n>',
      'limit in seconds, documents or tokens for --at of that name (default: the smallest total of any run)',
      positiveNumber,
    )
    .action(async (ids: string[], { metric, at, limit, ...options }: Options) => {
      using store = openStore(openHome(options.home));
      const verdict = await verdictOf(store, { runs: chosenRuns(store, ids), metric: parseMetric(metric), at, limit });
      print(options, verdict, () => verdictText(verdict));
    });
}
