import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importDataset } from '../../../src/lab/data/importDataset.ts';
import { encoderOf } from '../../../src/lab/encoders/registry.ts';
import { initialWeights } from '../../../src/lab/encoders/encoder.ts';
import type { ColumnSource, InspectionJob } from '../../../src/lab/inspector/columns.ts';
import { Inspector } from '../../../src/lab/inspector/inspector.ts';
import { randomStream } from '../../../src/lab/base/random.ts';
import { parseTokenizer } from '../../../src/lab/text/huggingFaceTokenizer.ts';
import { trainWordPiece } from '../../../src/lab/text/trainWordPiece.ts';
import { writeEncoderFolder } from '../../../src/lab/encoders/encoderFolder.ts';
import { resolveConfiguration } from '../../../src/shared/configuration.ts';
import { median } from '../figures.ts';

/**
 * The inspector on 100,000 made-up answers: the first query, which encodes all answers, and the median of later ones,
 * with one encoder and with three. Prints JSON. The argument is the length of embeddings.
 */
const dimension = Number(process.argv[2] ?? 512);
const questions = 20_000;
const answersEach = 5;
const queries = 21;

const random = randomStream(1, 'answers');
const vocabulary = Array.from({ length: 20_000 }, (_, index) => `w${index.toString(36)}`);
/** As in real texts, few words are common and most are rare. */
const words = (count: number): string =>
  Array.from({ length: count }, () => vocabulary[Math.floor(vocabulary.length * random.next() ** 3)]!).join(' ');

const folder = mkdtempSync(join(tmpdir(), 'losslab-bench-'));
const started = performance.now();
try {
  const texts = Array.from({ length: questions }, (_, q) => ({
    question: {
      id: String(q),
      title: words(8),
      body: words(30),
      score: 5,
      view_count: 10,
      tags: '',
      accepted_answer_id: null,
    },
    answers: Array.from({ length: answersEach }, (_, rank) => ({
      id: `${q}-${rank}`,
      body: words(60),
      score: answersEach - rank,
      is_accepted: false,
      rank,
    })),
  }));
  const file = join(folder, 'ranked_qa.json');
  writeFileSync(file, JSON.stringify(texts));
  const dataset = await importDataset({ home: folder, name: 'made-up', source: { kind: 'json', file } });
  const { encoder: configuration } = resolveConfiguration({ encoder: 'static', embed_dim: dimension });
  const tokenizer = parseTokenizer(
    trainWordPiece(
      texts.slice(0, 2000).map(({ question }) => `${question.title} ${question.body}`),
      { vocabularySize: configuration.vocabulary_size },
    ),
    'trained',
  );
  const columns = [1, 2, 3].map((seed): ColumnSource => {
    const encoder = encoderOf(configuration, {
      size: tokenizer.vocabularySize,
      padId: tokenizer.padId,
      specialIds: tokenizer.specialIds,
      tokenWeights: () => new Float32Array(tokenizer.vocabularySize).fill(1),
    });
    const place = join(folder, `encoder-${seed}`);
    writeEncoderFolder(place, {
      encoder,
      weights: initialWeights(encoder, (name) => randomStream(seed, 'weights', name)),
      tokenizer,
      maxLength: configuration.max_length,
    });
    return {
      key: `run-${seed}`,
      name: `run ${seed}`,
      kind: 'run',
      seed,
      encoder: { kind: 'finished', folder: place, configuration },
    };
  });
  const data = {
    folder: dataset.folder,
    name: 'made-up',
    hash: dataset.manifest.content.sha256,
    split: { limit: null, validationSize: 0, testSize: 0.2, seed: 1, method: 'losslab' as const },
  };
  const inspector = new Inspector(join(folder, 'cache'));
  const prepared = (performance.now() - started) / 1000;

  const ask = async (chosen: readonly ColumnSource[]): Promise<number> => {
    const job: InspectionJob = { data, columns: chosen, corpus: 'all', top: 10, asked: { text: words(10) } };
    const before = performance.now();
    await inspector.inspect(job);
    return performance.now() - before;
  };
  const first = (await ask(columns.slice(0, 1))) / 1000;
  const one = await repeated(() => ask(columns.slice(0, 1)));
  await ask(columns);
  const three = await repeated(() => ask(columns));
  console.log(
    JSON.stringify({
      answers: questions * answersEach,
      dimension,
      prepared,
      first,
      one: median(one),
      three: median(three),
    }),
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exit(0);

async function repeated(action: () => Promise<number>): Promise<number[]> {
  const found: number[] = [];
  for (let i = 0; i < queries; i++) found.push(await action());
  return found;
}
