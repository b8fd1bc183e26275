import { Command, Option } from 'commander';
import { resolve } from 'node:path';
import { LabError } from '../../shared/errors.ts';
import { verdictMetric } from '../../shared/comparison.ts';
import { bandKinds, type BandKind } from '../../shared/spread.ts';
import { parseMetric } from '../../lab/verdict/entrants.ts';
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
    .description('Write the verdict on runs, with what it rests on, for others to read.')
    .argument('[runs...]', 'runs, by the beginning of their ids (default: those of the newest experiment)')
    .option('--html <file>', 'one self-contained page: verdict, charts, tables, settings, hashes')
    .option('--latex <file>', 'a table with significance marks')
    .option('--per-query <file>', 'CSV: the value of each run on each test question')
    .addOption(new Option('--band <band>', "around the means of the page's charts").choices(bandKinds).default('ci95'))
    .option('--metric <metric>', 'metric to judge by', verdictMetric)
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
      'A report needs a file to be written to.',
      'Give --html, --latex or --per-query, as: losslab report --html report.html',
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
