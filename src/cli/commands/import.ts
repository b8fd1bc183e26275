import { Command } from 'commander';
import { SingleBar } from 'cli-progress';
import { basename, dirname, resolve } from 'node:path';
import { LabError } from '../../shared/errors.ts';
import { parseEncoding } from '../../lab/data/encoding.ts';
import { importDataset, type ImportSource } from '../../lab/data/importDataset.ts';
import type { Manifest } from '../../shared/manifest.ts';
import { openHome } from '../../lab/store/home.ts';
import { count, plural, print, type CommonOptions } from '../output.ts';
import { addJsonOption, positiveInteger, type JsonOption } from '../values.ts';

interface Options extends Omit<CommonOptions, 'json'> {
  readonly questions?: string;
  readonly answers?: string;
  readonly name?: string;
  readonly limit?: number;
  readonly encoding?: string;
  readonly replace?: boolean;
}

export function importCommand(): Command {
  const command = new Command('import')
    .description('Import ranked question–answer data as a dataset.')
    .option('--questions <file>', 'Questions.csv, in the layout of the Kaggle sets')
    .option('--answers <file>', 'Answers.csv that belongs to it')
    .option('--name <name>', "name of the dataset (default: the folder's name)")
    .option('--limit <n>', 'only the first n usable questions', positiveInteger)
    .option('--encoding <encoding>', 'encoding of the CSV files (default: detected and shown)')
    .option('--replace', 'replace a dataset of the same name');
  const json = addJsonOption(command, 'with a file: import this ranked_qa.json; without: print the result as JSON');
  return command.action((options: Options) => run(options, json));
}

async function run(options: Options, { file, machine }: JsonOption): Promise<void> {
  const source = sourceOf(options, file);
  const home = openHome(options.home);
  const name = options.name ?? nameOf(source);
  const bar = process.stdout.isTTY && !machine ? new SingleBar({ format: 'Importing {bar} {percentage}%', barsize: 30, hideCursor: true }) : null;
  bar?.start(100, 0);
  try {
    const { folder, manifest } = await importDataset({
      home: home.folder,
      name,
      source,
      limit: options.limit,
      replace: options.replace,
      onProgress: ({ bytesRead, bytesTotal }) => bar?.update(Math.floor((100 * bytesRead) / bytesTotal)),
    });
    bar?.stop();
    print({ json: machine }, { folder, manifest }, () => describe(folder, manifest));
  } finally {
    bar?.stop();
  }
}

function sourceOf({ questions, answers, encoding }: Options, file: string | undefined): ImportSource {
  if (file !== undefined && questions === undefined && answers === undefined) return { kind: 'json', file };
  if (file === undefined && questions !== undefined && answers !== undefined) {
    return { kind: 'csv', questions, answers, encoding: encoding === undefined ? undefined : parseEncoding(encoding) };
  }
  throw new LabError('usage', 'An import takes --questions and --answers together, or --json with a file alone.', 'For example: losslab import --questions Questions.csv --answers Answers.csv');
}

function nameOf(source: ImportSource): string {
  const file = source.kind === 'json' ? source.file : source.questions;
  return basename(dirname(resolve(file))).replace(/[^\w-]+/g, '-') || 'dataset';
}

function describe(folder: string, { name, counts, source, skipped, excluded }: Manifest): string {
  const lines = [
    `Dataset ${name}: ${plural(counts.questions, 'question')}, ${plural(counts.answers, 'answer')}`,
    `  with one answer ${count(counts.questionsWithOneAnswer)}, with two or more ${count(counts.questionsWithTwoOrMore)}`,
    ...source.files.map((file) => `  ${file.name}: ${file.encoding}, ${count(file.size)} bytes`),
    `  left out: ${plural(excluded.questionsWithoutAnswers, 'question')} without answers${excluded.orphanAnswers === null ? '' : `, ${plural(excluded.orphanAnswers, 'answer')} without their question`}`,
    ...Object.entries(skipped.byReason).map(([reason, rows]) => `  skipped: ${plural(rows, 'row')}: ${reason}`),
    ...skipped.examples.slice(0, 3).map(({ file, where, reason }) => `    e.g. ${file}, ${where}: ${reason}`),
    `  in ${folder}`,
  ];
  return lines.join('\n');
}
