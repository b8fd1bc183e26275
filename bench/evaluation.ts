import { readFileSync } from 'node:fs';
import { standardizedItems } from '../src/lab/batching/standardizedTest.ts';
import { buildCorpus } from '../src/lab/data/corpus.ts';
import type { Question } from '../src/lab/data/dataset.ts';
import { distilbert } from '../src/lab/encoders/distilbert.ts';
import { initialWeights, type TokenIds } from '../src/lab/encoders/encoder.ts';
import { randomStream } from '../src/lab/random.ts';
import { parseTokenizer } from '../src/lab/tokenizers/huggingFaceTokenizer.ts';
import { tokenizeCorpus } from '../src/lab/tokenizers/tokenizeCorpus.ts';
import { trainWordPiece } from '../src/lab/tokenizers/trainWordPiece.ts';
import { TestSplitEvaluation } from '../src/lab/training/evaluation.ts';
import { Inference } from '../src/lab/training/inference.ts';
import { DeviceState, initialState } from '../src/lab/training/state.ts';

/**
 * Evaluation of 64 questions of the sample with a two-layer DistilBERT, once as LossLab does it (both
 * evaluations, each distinct text encoded once) and once as the original does its one: every question
 * and every candidate encoded alone, padded to 128 tokens. Prints seconds of each as JSON.
 */
const maxLength = 128;
const questions = readFileSync(new URL('../resources/sample/questions.jsonl', import.meta.url), 'utf8').trim().split('\n').slice(0, 64).map((line) => JSON.parse(line) as Question);
const corpus = buildCorpus(questions);
const tokenizer = parseTokenizer(trainWordPiece(corpus.texts, { vocabularySize: 4096 }), 'trained');
const tokens = await tokenizeCorpus(corpus.texts, tokenizer, maxLength);
const encoder = distilbert({ vocabularySize: tokenizer.vocabularySize, maxPositions: 512, size: 256, layers: 2, heads: 4, innerSize: 1024, projection: 128, pooling: 'cls', padId: tokenizer.padId, dropout: 0 });
const { parameters } = await DeviceState.create(encoder, initialState(encoder, initialWeights(encoder, (name) => randomStream(1, 'weights', name))), 'cpu');

const evaluation = await TestSplitEvaluation.create(encoder, { questions: corpus.questions, idsOf: (text) => tokens.ids(text), batchSize: 16, seed: 1 }, 'cpu');
await evaluation.run(parameters);
const ours = await timed(() => evaluation.run(parameters));

const inference = await Inference.create(encoder, 'cpu');
const padded = (text: number): TokenIds => {
  const ids = new Int32Array(maxLength).fill(tokenizer.padId);
  ids.set(tokens.ids(text));
  return ids;
};
const encodeAlone = (text: number): Promise<Float32Array> => inference.encode([padded(text)], parameters);
await encodeAlone(0);
let passes = 0;
const original = await timed(async () => {
  const items = standardizedItems(corpus.questions);
  const positives = items.map(({ positive }) => positive.text);
  for (const { question, positive, hardNegatives } of items) {
    const candidates = [...positives, ...hardNegatives.map(({ text }) => text)];
    for (const text of [question.text, positive.text, ...candidates.filter((candidate) => candidate !== positive.text)]) {
      await encodeAlone(text);
      passes++;
    }
  }
});
console.log(JSON.stringify({ ours, original, ratio: original / ours, distinctTexts: evaluation.textCount, passes }));
process.exit(0);

async function timed(action: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await action();
  return (performance.now() - started) / 1000;
}
