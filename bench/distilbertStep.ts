import { distilbert } from '../src/lab/encoders/distilbert.ts';
import { initialWeights } from '../src/lab/encoders/encoder.ts';
import { randomStream } from '../src/lab/random.ts';
import type { Batch } from '../src/lab/batching/batch.ts';
import { FalseNegatives } from '../src/lab/batching/falseNegatives.ts';
import type { DeviceName } from '../src/shared/device.ts';
import { oneGroup } from '../src/lab/training/parameterGroups.ts';
import { initialState } from '../src/lab/training/state.ts';
import { createTrainingStep } from '../src/lab/training/step.ts';

/**
 * A training step of the DistilBERT architecture, 8 pairs of 128 tokens, as pytorch_step.py does it:
 * prints seconds per step and peak memory as JSON. Arguments: steps, device.
 */
const steps = Number(process.argv[2] ?? 6);
const device = (process.argv[3] ?? 'cpu') as DeviceName;
const pairs = 8;
const length = 128;
const vocabularySize = 30_522;

const encoder = distilbert({ vocabularySize, maxPositions: 512, size: 768, layers: 6, heads: 12, innerSize: 3072, projection: 128, pooling: 'cls', padId: 0, dropout: 0 });
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
const started = performance.now();
const design = { encoder, loss: { name: 'infonce', parameters: { temperature: 0.1 } }, device, dropout: 0, groups: oneGroup(encoder), cacheBatch: null } as const;
const step = await createTrainingStep(design, initialState(encoder, initialWeights(encoder, (name) => randomStream(1, 'weights', name))));
const startSeconds = (performance.now() - started) / 1000;
const seconds: number[] = [];
const losses: number[] = [];
for (let i = 0; i < steps; i++) {
  const from = performance.now();
  losses.push((await step.run(batch, texts, { learningRate: 2e-5, weightDecay: 0.01, maxGradientNorm: null, dropoutSeed: i })).loss);
  seconds.push((performance.now() - from) / 1000);
}
console.log(JSON.stringify({ seconds, losses, startSeconds, peakBytes: process.resourceUsage().maxRSS * 1024 }));
process.exit(0);
