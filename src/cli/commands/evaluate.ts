import { Command, Option } from 'commander';
import { resolve } from 'node:path';
import { readBeir } from '../../lab/data/beir.ts';
import { cutEmbeddings, requireCut } from '../../lab/evaluation/cutEmbeddings.ts';
import { evaluateRetrieval, retrievalMetricNames, type Retrieval } from '../../lab/evaluation/retrieval.ts';
import { trecQrels, trecRun } from '../../lab/evaluation/trecFiles.ts';
import { chooseDevice } from '../../lab/engine/devices.ts';
import { retrievalToCsv } from '../../lab/reports/retrievalReport.ts';
import { writeReport } from '../../lab/reports/writeReport.ts';
import { openHome } from '../../lab/files/home.ts';
import { openStore } from '../../lab/store/runStore.ts';
import { similaritiesBy, similaritySession } from '../../lab/evaluation/similaritySession.ts';
import { TextEmbedder } from '../../lab/encoders/textEmbedder.ts';
import type { DeviceName } from '../../shared/device.ts';
import { formatAmount, formatCount, formatDuration, formatFigure } from '../../shared/format.ts';
import { encoderToEvaluate } from '../encoderToEvaluate.ts';
import { launcher } from '../launcher.ts';
import { print, say, table, type CommonOptions } from '../output.ts';
import { Ticker } from '../ticker.ts';
import { positiveInteger } from '../values.ts';

interface Options extends CommonOptions {
  readonly beir: string;
  readonly split: string;
  readonly dimensions?: number;
  readonly device: DeviceName | 'auto';
  readonly perQuery?: string;
  readonly trecRun?: string;
  readonly trecQrels?: string;
}

export function evaluateCommand(): Command {
  return new Command('evaluate')
    .description('Evaluate an encoder on a collection: rank all documents for each query.')
    .argument('<encoder>', 'id or unique prefix of a finished run, a folder of weights, or hf:repository')
    .requiredOption('--beir <folder>', 'collection in BEIR layout: corpus.jsonl, queries.jsonl and qrels/')
    .option('--split <split>', 'judgements to use: qrels/<split>.tsv', 'test')
    .option('--dimensions <n>', 'truncate embeddings to their first n dimensions', positiveInteger)
    .addOption(
      new Option('--device <device>', 'device that encodes').choices(['auto', 'cpu', 'webgpu']).default('auto'),
    )
    .option('--per-query <file>', 'write the metrics of each query as CSV')
    .option('--trec-run <file>', 'write the first 100 documents of each query, for trec_eval')
    .option('--trec-qrels <file>', 'write the judgements of these queries, for trec_eval')
    .action(run);
}

async function run(encoder: string, options: Options): Promise<void> {
  using store = openStore(openHome(options.home));
  const finished = encoderToEvaluate(store, encoder);
  const collection = await readBeir(options.beir, options.split);
  const device = await chooseDevice(options.device, launcher);
  say(options, `Device: ${device.device} (${device.reason})`);
  const embedder = await TextEmbedder.create(finished, device.device);
  const dimension = options.dimensions ?? embedder.dimension;
  requireCut(embedder.dimension, dimension);
  const product = await similaritySession(dimension);
  const ticker = new Ticker(options);
  const started = performance.now();
  try {
    const retrieval = await evaluateRetrieval(collection, {
      embed: async (texts) => cutEmbeddings(await embedder.embed(texts), embedder.dimension, dimension),
      dimension,
      similarities: similaritiesBy(product),
      onProgress: (documents) => ticker.show(`${formatAmount(documents, 'document')} ranked`),
    });
    ticker.end();
    const { skipped } = collection;
    const seconds = (performance.now() - started) / 1000;
    await writeFiles(retrieval, collection, encoder, options);
    print(options, resultOf(retrieval, dimension, skipped.total, seconds), () =>
      describe(retrieval, dimension, skipped.total, seconds),
    );
  } finally {
    ticker.end();
    await product.dispose();
    await embedder.dispose();
  }
}

function resultOf(
  { metrics, queries, documents, withoutRelevant }: Retrieval,
  dimensions: number,
  skippedRows: number,
  seconds: number,
): object {
  return {
    metrics,
    queries: queries.length,
    documents,
    dimensions,
    queries_without_relevant: withoutRelevant,
    skipped_rows: skippedRows,
    seconds,
  };
}

function describe(
  { metrics, queries, documents, withoutRelevant }: Retrieval,
  dimensions: number,
  skippedRows: number,
  seconds: number,
): string {
  const leftOut = [
    ...(withoutRelevant > 0
      ? [`  excluded: ${formatAmount(withoutRelevant, 'query', 'queries')} without a relevant document`]
      : []),
    ...(skippedRows > 0 ? [`  skipped: ${formatAmount(skippedRows, 'row')} of the collection's files`] : []),
  ];
  return [
    `${formatAmount(queries.length, 'query', 'queries')} against ${formatCount(documents)} documents, embeddings of ${formatCount(dimensions)} numbers, in ${formatDuration(seconds)}`,
    ...leftOut,
    '',
    table(
      ['Metric', '>Mean'],
      retrievalMetricNames.map((name) => [name, formatFigure(metrics[name])]),
    ),
  ].join('\n');
}

async function writeFiles(
  retrieval: Retrieval,
  collection: Awaited<ReturnType<typeof readBeir>>,
  encoder: string,
  options: Options,
): Promise<void> {
  const files: [string | undefined, () => string][] = [
    [options.perQuery, () => retrievalToCsv(retrieval)],
    [options.trecRun, () => [...trecRun(retrieval, encoder)].join('')],
    [options.trecQrels, () => [...trecQrels(retrieval, collection)].join('')],
  ];
  for (const [file, content] of files) {
    if (file === undefined) continue;
    await writeReport(file, content());
    say(options, `Written: ${resolve(file)}`);
  }
}
