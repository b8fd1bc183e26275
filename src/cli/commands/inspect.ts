import { Command, Option } from 'commander';
import { chosenColumns, chosenData } from '../../lab/inspector/choose.ts';
import type { InspectionJob } from '../../lab/inspector/columns.ts';
import { Inspector } from '../../lab/inspector/inspector.ts';
import { sidesOf } from '../../lab/inspector/sides.ts';
import { titlesFor, winList } from '../../lab/inspector/wins.ts';
import { inspectionText, questionsText, winsText } from '../../lab/reports/inspectionTable.ts';
import { defaultWidth } from '../../lab/reports/textTable.ts';
import { openHome } from '../../lab/files/home.ts';
import { openStore, type Store } from '../../lab/store/runStore.ts';
import { parseMetric } from '../../lab/verdict/contestants.ts';
import { verdictMetric } from '../../shared/comparison.ts';
import {
  inspectorBaselines,
  inspectorCorpora,
  type InspectedSide,
  type Inspection,
  type InspectorCorpus,
  type WinRow,
} from '../../shared/contract/inspector.ts';
import { LabError } from '../../shared/errors.ts';
import { formatAmount } from '../../shared/format.ts';
import { print, type CommonOptions } from '../output.ts';
import { chosenRuns } from '../runs.ts';
import { Ticker } from '../ticker.ts';
import { positiveInteger } from '../values.ts';

interface Options extends CommonOptions {
  readonly question?: string;
  readonly query?: string;
  readonly wins?: readonly string[];
  readonly losses?: readonly string[];
  readonly find?: string;
  readonly top: number;
  readonly metric: string;
  readonly corpus: InspectorCorpus;
}

const table = { width: process.stdout.columns ?? defaultWidth, colours: process.stdout.isTTY ?? false };
/** How many questions a list shows by default. */
const listed = 20;

export function inspectCommand(): Command {
  return new Command('inspect')
    .description(
      'Compare the answers that runs find for a question or a query, and find the questions on which two runs differ most.',
    )
    .argument('[runs...]', 'run ids or unique prefixes (default: the runs of the newest experiment)')
    .addOption(new Option('--question <id>', 'id of a test question').conflicts(['query', 'wins', 'losses', 'find']))
    .addOption(
      new Option('--query <text>', 'any text, as a query against the answers of the dataset').conflicts([
        'wins',
        'losses',
        'find',
      ]),
    )
    .addOption(
      new Option(
        '--wins <a b...>',
        'questions on which A beats B by most: two runs with all their seeds, or a run and "untrained" or "bm25"',
      ).conflicts(['losses', 'find']),
    )
    .addOption(new Option('--losses <a b...>', 'questions on which A loses to B by most').conflicts('find'))
    .option('--find <text>', 'test questions with all these words, or with this id (default: the first ones)')
    .option('--top <n>', 'number of answers per run, or of questions in a list', positiveInteger, 10)
    .option('--metric <metric>', 'metric to show and sort by', verdictMetric)
    .addOption(
      new Option('--corpus <answers>', 'search the answers to the test questions, or to all questions')
        .choices(inspectorCorpora)
        .default('test'),
    )
    .action(run);
}

async function run(ids: string[], options: Options): Promise<void> {
  using store = openStore(openHome(options.home));
  const inspector = new Inspector(store.home.cache);
  try {
    const runs = options.wins || options.losses ? ids : chosenRuns(store, ids);
    if (options.wins) await showWins(store, inspector, runs, options.wins, options);
    else if (options.losses) await showWins(store, inspector, runs, options.losses, options);
    else if (options.question !== undefined)
      await showInspection(store, inspector, runs, { question: options.question }, options);
    else if (options.query !== undefined)
      await showInspection(store, inspector, runs, { text: options.query }, options);
    else await showQuestions(store, inspector, runs, options);
  } finally {
    await inspector.dispose();
  }
}

async function showInspection(
  store: Store,
  inspector: Inspector,
  runs: readonly string[],
  asked: InspectionJob['asked'],
  options: Options,
): Promise<void> {
  const metric = parseMetric(options.metric);
  const found = await inspect(
    inspector,
    { ...(await chosenColumns(store, runs, inspectorBaselines)), corpus: options.corpus, top: options.top, asked },
    options,
  );
  print(options, found, () => inspectionText(found, metric, table));
}

async function inspect(inspector: Inspector, job: InspectionJob, options: Options): Promise<Inspection> {
  const ticker = new Ticker(options);
  const stopping = new AbortController();
  const onInterrupt = (): void =>
    stopping.abort(new LabError('usage', 'Stopped. The embeddings of the encoders done so far are kept.'));
  process.once('SIGINT', onInterrupt);
  try {
    return await inspector.inspect(job, {
      signal: stopping.signal,
      onProgress: ({ message, done, total }) => ticker.show(`${message}, ${done} of ${total}`),
    });
  } finally {
    process.off('SIGINT', onInterrupt);
    ticker.end();
  }
}

async function showQuestions(
  store: Store,
  inspector: Inspector,
  runs: readonly string[],
  options: Options,
): Promise<void> {
  const page = await inspector.questions({
    data: await chosenData(store, runs),
    text: options.find ?? '',
    offset: 0,
    limit: listed,
  });
  print(options, page, () => `${questionsText(page, table)}\n\nInspect one with: losslab inspect --question ID`);
}

async function showWins(
  store: Store,
  inspector: Inspector,
  runs: readonly string[],
  names: readonly string[],
  options: Options,
): Promise<void> {
  const [first, second, ...others] = names;
  if (first === undefined || second === undefined || others.length > 0)
    throw new LabError(
      'usage',
      `--wins and --losses compare two runs; ${names.length} were given.`,
      'For example: losslab inspect --wins k3f9 untrained',
    );
  const [a, b] = sidesOf(store, [first, second], chosenRuns(store, runs));
  const metric = parseMetric(options.metric);
  const list = await winList(
    store,
    { a, b, metric, limit: options.top },
    titlesFor(store, a.runs, (asked) => inspector.titles(asked)),
  );
  const rows = options.losses ? list.largestLosses : list.largestWins;
  if (options.json) return print(options, list, () => '');
  const ranks = await bestAnswerRanks(store, inspector, [a, b], rows, options);
  print(options, list, () => winsText(list, rows, { nameA: nameOf(store, a), nameB: nameOf(store, b), ranks }, table));
}

function nameOf(store: Store, { kind, runs }: InspectedSide): string {
  if (kind === 'bm25') return 'BM25';
  const seeds = runs.length === 1 ? '' : `, mean of ${formatAmount(runs.length, 'seed')}`;
  return `${kind === 'recipe' ? store.getRun(runs[0]!).name : 'untrained'}${seeds}`;
}

/** Rank of the best answer under the first seed of each side; empty if an encoder or the dataset was deleted. */
async function bestAnswerRanks(
  store: Store,
  inspector: Inspector,
  sides: readonly [InspectedSide, InspectedSide],
  rows: readonly WinRow[],
  options: Options,
): Promise<Map<string, [number, number]>> {
  const ranks = new Map<string, [number, number]>();
  const keys = sides.map(({ kind, runs }) => (kind === 'recipe' ? runs[0]! : kind));
  const baselines = inspectorBaselines.filter((kind) => keys.includes(kind));
  const chosen = await chosenColumns(
    store,
    sides.map(({ runs }) => runs[0]!),
    baselines,
  ).catch((error: unknown) => {
    if (error instanceof LabError && error.code === 'data') return null;
    throw error;
  });
  if (!chosen) return ranks;
  const columns = chosen.columns.filter(({ key }) => keys.includes(key));
  for (const { question } of rows) {
    const found = await inspect(
      inspector,
      { data: chosen.data, columns, corpus: 'test', top: 1, asked: { question } },
      options,
    );
    const [a, b] = keys.map((key) => found.columns.find((column) => column.key === key)?.places[0]?.rank);
    if (a !== undefined && b !== undefined) ranks.set(question, [a, b]);
  }
  return ranks;
}
