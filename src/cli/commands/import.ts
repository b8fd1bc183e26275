import { Command } from 'commander';
import { SingleBar } from 'cli-progress';
import { importSource } from '../../lab/data/archives/importSource.ts';
import { delimiterNames } from '../../lab/data/csv.ts';
import { openHome } from '../../lab/files/home.ts';
import type { Manifest } from '../../shared/manifest.ts';
import { formatAmount, formatCount } from '../../shared/format.ts';
import { addSourceOptions, nameOf, type SourceOptions } from '../importSource.ts';
import { print, type CommonOptions } from '../output.ts';
import { positiveInteger } from '../values.ts';

interface Options extends CommonOptions {
  readonly name?: string;
  readonly limit?: number;
  readonly replace?: boolean;
}

export function importCommand(): Command {
  const command = new Command('import').description('Import ranked question–answer data as a dataset.');
  const source = addSourceOptions(command);
  return command
    .option('--name <name>', 'name of the dataset (default: name of the folder or file)')
    .option('--limit <n>', 'import only the first n usable questions', positiveInteger)
    .option('--replace', 'replace a dataset with the same name')
    .action((options: Options) => run(options, source));
}

async function run({ home: folder, name, limit, replace }: Options, { json, read }: SourceOptions): Promise<void> {
  const source = await read();
  const home = openHome(folder);
  const bar =
    process.stdout.isTTY && !json.machine
      ? new SingleBar({ format: 'Importing {bar} {percentage}%', barsize: 30, hideCursor: true })
      : null;
  bar?.start(100, 0);
  try {
    const imported = await importSource({
      source,
      home: home.folder,
      name: name ?? nameOf(source),
      limit,
      replace,
      onProgress: ({ done, total }) => bar?.update(Math.floor((100 * done) / total)),
    });
    bar?.stop();
    print({ json: json.machine }, imported, () => describeImported(imported.folder, imported.manifest));
  } finally {
    bar?.stop();
  }
}

/** For people: what a dataset that was just imported contains, and what was skipped and excluded. */
export function describeImported(
  folder: string,
  { name, counts, source, skipped, excluded, licence }: Manifest,
): string {
  const lines = [
    `Dataset ${name}: ${formatAmount(counts.questions, 'question')}, ${formatAmount(counts.answers, 'answer')}`,
    `  with one answer ${formatCount(counts.questionsWithOneAnswer)}, with two or more ${formatCount(counts.questionsWithTwoOrMore)}`,
    ...source.files.flatMap(({ name: file, encoding, size, detection }) => [
      `  ${file}: ${encoding}, ${formatCount(size)} bytes`,
      ...(detection
        ? [`    encoding detected with confidence ${detection.confidence.toFixed(2)}; it reads: ${detection.line}`]
        : []),
    ]),
    ...tableLines(source),
    `  excluded: ${partsExcluded(excluded).join(', ')}`,
    ...Object.entries(skipped.byReason).map(([reason, rows]) => `  skipped: ${formatAmount(rows, 'row')}: ${reason}`),
    ...(skipped.characters === undefined
      ? []
      : [`  removed: ${formatAmount(skipped.characters, 'character')} that texts cannot have, such as NUL`]),
    ...skipped.examples.slice(0, 3).map(({ file, where, reason }) => `    e.g. ${file}, ${where}: ${reason}`),
    ...(licence === undefined ? [] : [`  licence: ${licence}`]),
    `  in ${folder}`,
  ];
  return lines.join('\n');
}

function tableLines({
  columns,
  delimiter,
  texts = {},
  escape,
  decimalComma,
  labels,
  answersWithoutScore = 0,
}: Manifest['source']): string[] {
  if (columns === undefined) return [];
  const separated = delimiter === undefined ? '' : `, separated by ${delimiterNames[delimiter]}`;
  const lines = [
    `  columns: ${Object.entries(columns)
      .map(([role, column]) => `${role}=${column}`)
      .join(', ')}${separated}`,
    ...Object.entries(texts).flatMap(([column, { form, before, after }]) => [
      `  ${column}: ${textFormNames[form]}`,
      ...(before === undefined ? [] : [`    before: ${before}`, `    after:  ${after}`]),
    ]),
    ...(escape === undefined ? [] : ['  quotes inside cells are written after a backslash']),
    ...(decimalComma === undefined ? [] : ['  scores have a decimal comma']),
    ...(labels === undefined ? [] : [`  ${columns.score ?? 'scores'}: labels, of which those above 0 are relevant`]),
  ];
  return answersWithoutScore === 0
    ? lines
    : [...lines, `  ${formatAmount(answersWithoutScore, 'answer')} without a score: each gets score 1`];
}

function partsExcluded({
  questionsWithoutAnswers,
  orphanAnswers,
  otherPosts,
  unusedDocuments,
  answersNotRelevant,
  questionsWithoutPositive,
}: Manifest['excluded']): string[] {
  return [
    `${formatAmount(questionsWithoutAnswers, 'question')} without answers`,
    ...(orphanAnswers === null ? [] : [`${formatAmount(orphanAnswers, 'answer')} without their question`]),
    ...(questionsWithoutPositive === undefined
      ? []
      : [`${formatAmount(questionsWithoutPositive, 'question')} without a relevant answer`]),
    ...(answersNotRelevant === undefined
      ? []
      : [`${formatAmount(answersNotRelevant, 'answer')} that are not relevant`]),
    ...(otherPosts === undefined ? [] : [`${formatAmount(otherPosts, 'post')} of other kinds`]),
    ...(unusedDocuments === undefined
      ? []
      : [`${formatAmount(unusedDocuments, 'document')} not relevant to any query`]),
  ];
}

const textFormNames = { plain: 'plain text', markdown: 'Markdown', html: 'HTML, without its tags' } as const;
