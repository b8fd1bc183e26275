import { Command } from 'commander';
import { resolve } from 'node:path';
import { LabError } from '../../shared/errors.ts';
import { verdictMetric } from '../../shared/comparison.ts';
import { parseMetric, verdictOf } from '../../lab/verdict/entrants.ts';
import { openHome } from '../../lab/store/home.ts';
import { openStore, type Store } from '../../lab/store/runStore.ts';
import { latexTable } from '../../lab/reports/latexTable.ts';
import { perQueryCsv } from '../../lab/reports/perQueryCsv.ts';
import { makeReport } from '../../lab/reports/makeReport.ts';
import { writeReport } from '../../lab/reports/writeReport.ts';
import { print, type CommonOptions } from '../output.ts';
import { chosenRuns } from '../runs.ts';

interface Options extends CommonOptions {
  readonly metric: string;
  readonly html?: string;
  readonly latex?: string;
  readonly perQuery?: string;
}

export function reportCommand(): Command {
  return new Command('report')
    .description('Write the verdict on runs, with what it rests on, for others to read.')
    .argument('[runs...]', 'runs, by the beginning of their ids (default: those of the newest experiment)')
    .option('--html <file>', 'one self-contained page: verdict, charts, tables, settings, hashes')
    .option('--latex <file>', 'a table with significance marks')
    .option('--per-query <file>', 'CSV: the value of each run on each test question')
    .option('--metric <metric>', 'metric to judge by', verdictMetric)
    .action(async (ids: string[], options: Options) => {
      using store = openStore(openHome(options.home));
      print(options, { written: await write(store, chosenRuns(store, ids), options) }, () => '');
    });
}

async function write(store: Store, runs: readonly string[], { metric: name, html, latex, perQuery, json }: Options): Promise<string[]> {
  if (!html && !latex && !perQuery) throw new LabError('usage', 'A report needs a file to be written to.', 'Give --html, --latex or --per-query, as: losslab report --html report.html');
  const metric = parseMetric(name);
  const written: string[] = [];
  const save = async (file: string, content: string): Promise<void> => {
    await writeReport(file, content);
    written.push(resolve(file));
    if (!json) process.stdout.write(`Written: ${resolve(file)}\n`);
  };
  if (html) await save(html, await makeReport(store, runs, metric));
  if (latex) await save(latex, latexTable(await verdictOf(store, { runs, metric, at: 'last' })));
  if (perQuery) await save(perQuery, [...perQueryCsv(store, runs.map((run) => store.getRun(run)), metric)].join(''));
  return written;
}
