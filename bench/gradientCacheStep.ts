import type { Batch } from '../src/lab/batching/batch.ts';
import { FalseNegatives } from '../src/lab/batching/falseNegatives.ts';
import { distilbert } from '../src/lab/encoders/distilbert.ts';
import { initialWeights } from '../src/lab/encoders/encoder.ts';
import { randomStream } from '../src/lab/random.ts';
import { oneGroup } from '../src/lab/training/parameterGroups.ts';
import { initialState } from '../src/lab/training/state.ts';
import { createTrainingStep } from '../src/lab/training/step.ts';

/**
 * Steps of a DistilBERT of two layers with dropout, over as many pairs of 128 tokens as are asked for:
 * prints seconds per step and peak memory as JSON. Arguments: pairs, texts in memory at a time (or
 * `none`, for all), steps.
 */
const pairs = Number(process.argv[2]);
const cacheBatch = process.argv[3] === 'none' ? null : Number(process.argv[3]);
const steps = Number(process.argv[4]);
const length = 128;
const vocabularySize = 8192;

const encoder = distilbert({ vocabularySize, maxPositions: length, size: 256, layers: 2, heads: 4, innerSize: 1024, projection: 128, pooling: 'mean', padId: 0, dropout: 0.1 });
const random = randomStream(1, 'resampling');
const texts = Array.from({ length: 2 * pairs }, () => Int32Array.from({ length }, () => random.integer(vocabularySize)));
const batch: Batch = {
  kind: 'pairs',
  scope: 'batch',
  pairs: Array.from({ length: pairs }, (_, i) => ({ question: i, answer: pairs + i, group: i, rank: 0, score: 1 })),
  texts: texts.map((_, i) => i),
  questionIds: Array.from({ length: pairs }, (_, i) => `q${i}`),
  documents: 2 * pairs,
  falseNegatives: FalseNegatives.none(texts.map((_, i) => i)),
};
const design = { encoder, loss: { name: 'infonce', parameters: { temperature: 0.1 } }, device: 'cpu', dropout: 0.1, groups: oneGroup(encoder), cacheBatch } as const;
const step = await createTrainingStep(design, initialState(encoder, initialWeights(encoder, (name) => randomStream(1, 'weights', name))));
const seconds: number[] = [];
for (let i = 0; i < steps; i++) {
  const from = performance.now();
  await step.run(batch, texts, { learningRate: 2e-5, weightDecay: 0.01, maxGradientNorm: null, dropoutSeed: i });
  seconds.push((performance.now() - from) / 1000);
}
console.log(JSON.stringify({ seconds, peakBytes: process.resourceUsage().maxRSS * 1024 }));
process.exit(0);
