import { Command } from 'commander';
import { SingleBar } from 'cli-progress';
import { importArchive } from '../../lab/data/archives/importArchive.ts';
import { delimiterNames } from '../../lab/data/csv.ts';
import { importDataset } from '../../lab/data/importDataset.ts';
import { openHome } from '../../lab/files/home.ts';
import type { Manifest } from '../../shared/manifest.ts';
import { columnRoles } from '../../shared/table.ts';
import { formatAmount, formatCount } from '../../shared/format.ts';
import { nameOf, sourceFrom, type SourceOptions } from '../importSource.ts';
import { print, type CommonOptions } from '../output.ts';
import { addJsonOption, positiveInteger, type JsonOption } from '../values.ts';

type Options = Omit<CommonOptions, 'json'> &
  Omit<SourceOptions, 'json'> & {
    readonly name?: string;
    readonly limit?: number;
    readonly replace?: boolean;
  };

export function importCommand(): Command {
  const command = new Command('import')
    .description('Import ranked question–answer data as a dataset.')
    .option('--questions <file>', 'Questions.csv, in the layout of the Kaggle sets')
    .option('--answers <file>', 'Answers.csv that belongs to it')
    .option('--archive <file>', 'a .zip of Kaggle that holds both')
    .option('--posts <path>', 'Posts.xml of a Stack Exchange data dump, or the folder that holds it')
    .option('--csv <file>', 'your own file with a row for each question and answer')
    .option('--tsv <file>', 'the same, separated by tabs')
    .option('--jsonl <file>', 'the same as JSON lines; the answers of a question may be a list')
    .option(
      '--columns <mapping>',
      `what the columns of your own file hold, as role=column,…; roles: ${columnRoles.join(', ')} (default: recognised by usual names)`,
    )
    .option('--beir <folder>', 'a BEIR collection: corpus.jsonl, queries.jsonl and qrels')
    .option('--split <name>', 'which of its qrels (default: test)')
    .option('--name <name>', "name of the dataset (default: the folder's or file's name)")
    .option('--limit <n>', 'only the first n usable questions', positiveInteger)
    .option('--encoding <encoding>', 'encoding of CSV, TSV and JSON lines (default: detected and shown)')
    .option('--replace', 'replace a dataset of the same name');
  const json = addJsonOption(command, 'with a file: import this ranked_qa.json; without: print the result as JSON');
  return command.action((options: Options) => run(options, json));
}

async function run(options: Options, { file, machine }: JsonOption): Promise<void> {
  const source = await sourceFrom({ ...options, json: file });
  const home = openHome(options.home);
  const name = options.name ?? nameOf(source);
  const bar =
    process.stdout.isTTY && !machine
      ? new SingleBar({ format: 'Importing {bar} {percentage}%', barsize: 30, hideCursor: true })
      : null;
  const show = (done: number, total: number): void => bar?.update(Math.floor((100 * done) / total));
  const common = { home: home.folder, name, limit: options.limit, replace: options.replace };
  bar?.start(100, 0);
  try {
    const { folder, manifest } =
      source.kind === 'archive'
        ? await importArchive({ ...common, archive: source.file, onProgress: ({ done, total }) => show(done, total) })
        : await importDataset({
            ...common,
            source,
            onProgress: ({ bytesRead, bytesTotal }) => show(bytesRead, bytesTotal),
          });
    bar?.stop();
    print({ json: machine }, { folder, manifest }, () => describeImported(folder, manifest));
  } finally {
    bar?.stop();
  }
}

/** For people: what is in a dataset that has just been imported, and what is not. */
export function describeImported(
  folder: string,
  { name, counts, source, skipped, excluded, licence }: Manifest,
): string {
  const lines = [
    `Dataset ${name}: ${formatAmount(counts.questions, 'question')}, ${formatAmount(counts.answers, 'answer')}`,
    `  with one answer ${formatCount(counts.questionsWithOneAnswer)}, with two or more ${formatCount(counts.questionsWithTwoOrMore)}`,
    ...source.files.map((file) => `  ${file.name}: ${file.encoding}, ${formatCount(file.size)} bytes`),
    ...tableLines(source),
    `  left out: ${leftOut(excluded).join(', ')}`,
    ...Object.entries(skipped.byReason).map(([reason, rows]) => `  skipped: ${formatAmount(rows, 'row')}: ${reason}`),
    ...skipped.examples.slice(0, 3).map(({ file, where, reason }) => `    e.g. ${file}, ${where}: ${reason}`),
    ...(licence === undefined ? [] : [`  licence: ${licence}`]),
    `  in ${folder}`,
  ];
  return lines.join('\n');
}

function tableLines({ columns, delimiter, answersWithoutScore = 0 }: Manifest['source']): string[] {
  if (columns === undefined) return [];
  const separated = delimiter === undefined ? '' : `, separated by ${delimiterNames[delimiter]}`;
  const lines = [
    `  columns: ${Object.entries(columns)
      .map(([role, column]) => `${role}=${column}`)
      .join(', ')}${separated}`,
  ];
  return answersWithoutScore === 0
    ? lines
    : [...lines, `  ${formatAmount(answersWithoutScore, 'answer')} without a score: each counts 1`];
}

function leftOut({
  questionsWithoutAnswers,
  orphanAnswers,
  otherPosts,
  unusedDocuments,
}: Manifest['excluded']): string[] {
  return [
    `${formatAmount(questionsWithoutAnswers, 'question')} without answers`,
    ...(orphanAnswers === null ? [] : [`${formatAmount(orphanAnswers, 'answer')} without their question`]),
    ...(otherPosts === undefined ? [] : [`${formatAmount(otherPosts, 'post')} of other kinds`]),
    ...(unusedDocuments === undefined ? [] : [`${formatAmount(unusedDocuments, 'document')} relevant to no query`]),
  ];
}
