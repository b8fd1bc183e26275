import { Command, Option } from 'commander';
import { parseMetric, verdictOf } from '../../lab/verdict/entrants.ts';
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
    .description('Say which loss is best, by how much, and whether that is more than chance.')
    .argument('[runs...]', 'runs, by the beginning of their ids (default: those of the newest experiment)')
    .option('--metric <metric>', 'metric to judge by', verdictMetric)
    .addOption(
      new Option(
        '--at <point>',
        'evaluation to judge: the last, the best of each run, or the last within equal compute',
      )
        .choices(['last', 'best', ...computeUnits])
        .default('last'),
    )
    .option(
      '--limit <n>',
      'of training seconds, documents or tokens, with --at of that name (default: the least that a run has used)',
      positiveNumber,
    )
    .action(async (ids: string[], { metric, at, limit, ...options }: Options) => {
      using store = openStore(openHome(options.home));
      const verdict = await verdictOf(store, { runs: chosenRuns(store, ids), metric: parseMetric(metric), at, limit });
      print(options, verdict, () => verdictText(verdict));
    });
}
