import { Command, Option } from 'commander';
import { resolve } from 'node:path';
import { LabError } from '../../shared/errors.ts';
import { verdictMetric } from '../../shared/comparison.ts';
import { bandKinds, type BandKind } from '../../shared/spread.ts';
import { parseMetric } from '../../lab/verdict/contestants.ts';
import { openHome } from '../../lab/files/home.ts';
import { openStore, type Store } from '../../lab/store/runStore.ts';
import { reportText } from '../../lab/reports/reportText.ts';
import { writeReport } from '../../lab/reports/writeReport.ts';
import { print, type CommonOptions } from '../output.ts';
import { chosenRuns } from '../runs.ts';

interface Options extends CommonOptions {
  readonly metric: string;
  readonly html?: string;
  readonly latex?: string;
  readonly perQuery?: string;
  readonly band: BandKind;
}

export function reportCommand(): Command {
  return new Command('report')
    .description('Write the verdict on runs and its evidence to a file.')
    .argument('[runs...]', 'run ids or unique prefixes (default: the runs of the newest experiment)')
    .option('--html <file>', 'write a self-contained page: verdict, charts, tables, settings, hashes')
    .option('--latex <file>', 'write a LaTeX table with significance marks')
    .option('--per-query <file>', 'write the value of each run on each test question as CSV')
    .addOption(
      new Option('--band <band>', 'band around the means in the charts of the page').choices(bandKinds).default('ci95'),
    )
    .option('--metric <metric>', 'metric that the verdict compares', verdictMetric)
    .action(async (ids: string[], options: Options) => {
      using store = openStore(openHome(options.home));
      print(options, { written: await write(store, [...chosenRuns(store, ids)], options) }, () => '');
    });
}

async function write(
  store: Store,
  runs: string[],
  { metric: name, html, latex, perQuery, band, json }: Options,
): Promise<string[]> {
  if (!html && !latex && !perQuery)
    throw new LabError(
      'usage',
      'The output file is missing.',
      'Give --html, --latex or --per-query. For example: losslab report --html report.html',
    );
  const metric = parseMetric(name);
  const written: string[] = [];
  const save = async (file: string, content: string): Promise<void> => {
    await writeReport(file, content);
    written.push(resolve(file));
    if (!json) process.stdout.write(`Written: ${resolve(file)}\n`);
  };
  for (const [format, file] of [
    ['html', html],
    ['latex', latex],
    ['per_query', perQuery],
  ] as const) {
    if (file) await save(file, await reportText(store, { runs, format, metric, band }));
  }
  return written;
}
