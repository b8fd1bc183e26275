import { standardizedItems } from '../../../src/lab/batching/standardizedTest.ts';
import { buildCorpus } from '../../../src/lab/data/corpus.ts';
import { initialWeights, type TokenIds } from '../../../src/lab/encoders/encoder.ts';
import { randomStream } from '../../../src/lab/base/random.ts';
import { parseTokenizer } from '../../../src/lab/text/huggingFaceTokenizer.ts';
import { tokenizeCorpus } from '../../../src/lab/text/tokenizeCorpus.ts';
import { trainWordPiece } from '../../../src/lab/text/trainWordPiece.ts';
import { RepeatedEvaluation } from '../../../src/lab/training/evaluation.ts';
import { Inference } from '../../../src/lab/encoders/inference.ts';
import { DeviceState, initialState } from '../../../src/lab/training/state.ts';
import type { DeviceName } from '../../../src/shared/device.ts';
import { median } from '../figures.ts';
import { peerBatches, type PeerQuestion } from '../peerQuestions.ts';
import { sampleQuestions } from '../sample.ts';
import { encoderOfShape, tinyShape, type Shape } from '../shapes.ts';

/**
 * Evaluation of questions of the sample, once in LossLab's way (both evaluations, each distinct text encoded once) and,
 * for some of the questions, in the original's way: the question and every candidate encoded alone, padded to 128
 * tokens. Prints EvaluationFigures. The argument is an EvaluationJob.
 */
export interface EvaluationJob {
  readonly scale: 'long' | 'short';
  readonly device: DeviceName;
}

export interface EvaluationFigures {
  readonly questions: number;
  readonly seconds: number;
  readonly distinctTexts: number;
  /** Seconds for a text that is encoded alone and padded. */
  readonly aloneSeconds: number;
  /** The job for PyTorch: the same texts. */
  readonly peer: {
    readonly shape: Shape;
    readonly batches: readonly (readonly PeerQuestion[])[];
    readonly length: number;
    readonly pad: number;
    readonly measured: number;
  };
}

const job = JSON.parse(process.argv[2]!) as EvaluationJob;
const [count, measured, rounds] = job.scale === 'long' ? [64, 8, 5] : [12, 2, 1];
const batchSize = count / 4;
const length = 128;
const corpus = buildCorpus(sampleQuestions().slice(0, count));
const tokenizer = parseTokenizer(trainWordPiece(corpus.texts, { vocabularySize: 4096 }), 'trained');
const tokens = await tokenizeCorpus(corpus.texts, tokenizer, length);
const idsOf = (text: number): TokenIds => tokens.ids(text);
const large: Shape = {
  vocabularySize: tokenizer.vocabularySize,
  maxPositions: 512,
  size: 256,
  layers: 2,
  heads: 4,
  innerSize: 1024,
  projection: 128,
  pooling: 'cls',
  dropout: 0,
};
const shape = job.scale === 'long' ? large : { ...tinyShape, vocabularySize: tokenizer.vocabularySize };
const encoder = encoderOfShape(shape, tokenizer.padId);
const state = await DeviceState.create(
  encoder,
  initialState(
    encoder,
    initialWeights(encoder, (name) => randomStream(1, 'weights', name)),
  ),
  job.device,
);

const evaluation = await RepeatedEvaluation.create(
  encoder,
  { questions: corpus.questions, idsOf, batchSize, seed: 1 },
  job.device,
);
await evaluation.run(state.parameters);
const seconds: number[] = [];
for (let i = 0; i < rounds; i++) seconds.push(await timed(() => evaluation.run(state.parameters)));

const figures: EvaluationFigures = {
  questions: count,
  seconds: median(seconds),
  distinctTexts: evaluation.textCount,
  aloneSeconds: await encodeAlone(),
  peer: { shape, batches: peerBatches(corpus.questions, 4 * batchSize, idsOf), length, pad: tokenizer.padId, measured },
};
console.log(JSON.stringify(figures));
process.exit(0);

/** Median seconds of a text: the first question and its candidates. */
async function encodeAlone(): Promise<number> {
  const inference = await Inference.create(encoder, job.device);
  const items = standardizedItems(corpus.questions);
  const texts = [items[0]!.question, ...items.map(({ positive }) => positive)].map(({ text }) => padded(idsOf(text)));
  const found: number[] = [];
  for (const text of texts) found.push(await timed(() => inference.encode([text], state.parameters)));
  return median(found);
}

function padded(text: TokenIds): TokenIds {
  const ids = new Int32Array(length).fill(tokenizer.padId);
  ids.set(text);
  return ids;
}

async function timed(action: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await action();
  return (performance.now() - started) / 1000;
}
