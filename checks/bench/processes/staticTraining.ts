import { readFileSync } from 'node:fs';
import { planEpoch } from '../../../src/lab/batching/plan.ts';
import { buildBatch } from '../../../src/lab/batching/registry.ts';
import { buildCorpus } from '../../../src/lab/data/corpus.ts';
import type { Question } from '../../../src/lab/data/dataset.ts';
import { initialWeights } from '../../../src/lab/encoders/encoder.ts';
import { staticEncoder } from '../../../src/lab/encoders/static.ts';
import { randomStream } from '../../../src/lab/base/random.ts';
import { inverseDocumentFrequency } from '../../../src/lab/text/documentFrequency.ts';
import { parseTokenizer } from '../../../src/lab/text/huggingFaceTokenizer.ts';
import { tokenizeCorpus } from '../../../src/lab/text/tokenizeCorpus.ts';
import { trainWordPiece } from '../../../src/lab/text/trainWordPiece.ts';
import { oneGroup } from '../../../src/lab/training/parameterGroups.ts';
import { initialState } from '../../../src/lab/training/state.ts';
import { createTrainingStep } from '../../../src/lab/training/createStep.ts';

/** Tokens per second of training the default encoder (static, 512 dimensions) with InfoNCE on the sample, batches of 64 questions. Prints JSON. */
const questions = readFileSync(new URL('../../../resources/sample/questions.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Question);
const corpus = buildCorpus(questions);
const tokenizer = parseTokenizer(trainWordPiece(corpus.texts, { vocabularySize: 8192 }), 'trained');
const tokens = await tokenizeCorpus(corpus.texts, tokenizer, 128);
const tokenWeights = inverseDocumentFrequency(
  tokens,
  corpus.texts.map((_, i) => i),
  tokenizer,
);
const encoder = staticEncoder({
  vocabularySize: tokenizer.vocabularySize,
  size: 512,
  projection: 512,
  specialIds: tokenizer.specialIds,
  tokenWeights,
});
const design = {
  encoder,
  loss: { name: 'infonce', parameters: { temperature: 0.1 } },
  device: 'cpu',
  dropout: 0,
  groups: oneGroup(encoder),
  cacheBatch: null,
} as const;
const step = await createTrainingStep(
  design,
  initialState(
    encoder,
    initialWeights(encoder, (name) => randomStream(1, 'weights', name)),
  ),
);

let seconds = 0;
let trained = 0;
for (let epoch = 0; epoch < 6; epoch++) {
  for (const members of planEpoch(corpus.questions.length, 64, 1, epoch)) {
    const batch = buildBatch(
      { name: 'infonce', parameters: { take_top: true } },
      members.map((i) => corpus.questions[i]!),
      randomStream(1, 'answers', epoch),
    )!;
    const texts = batch.texts.map((text) => tokens.ids(text));
    const started = performance.now();
    await step.run(batch, texts, { learningRate: 0.001, weightDecay: 0.01, maxGradientNorm: null, dropoutSeed: 0 });
    if (epoch === 0) continue; // memory is being allocated
    seconds += (performance.now() - started) / 1000;
    trained += texts.reduce((sum, ids) => sum + ids.length, 0);
  }
}
console.log(JSON.stringify({ tokensPerSecond: trained / seconds, vocabulary: tokenizer.vocabularySize }));
process.exit(0);
