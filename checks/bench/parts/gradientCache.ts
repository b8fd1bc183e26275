import { say } from '../child.ts';
import { atMost, plain, type Figure } from '../figures.ts';
import type { BenchPart } from '../part.ts';
import type { Shape } from '../shapes.ts';
import { measureSteps } from '../stepMeasurement.ts';

export const gradientCache: BenchPart = {
  what: 'memory of large batches in parts',
  devices: ['cpu'],
  short: false,
  run,
};

/** Texts in memory at a time: the texts of 32 pairs. */
const cacheBatch = 64;
const shape: Shape = {
  vocabularySize: 8192,
  maxPositions: 128,
  size: 256,
  layers: 2,
  heads: 4,
  innerSize: 1024,
  projection: 128,
  pooling: 'mean',
  dropout: 0.1,
};

/** A DistilBERT of two layers: 32 pairs at once, the same in parts, and 512 pairs in parts of that size. */
async function run(): Promise<Figure[]> {
  say('Gradient caching: 512 pairs in parts of 64 texts');
  const small = await steps(32, null);
  const smallCached = await steps(32, cacheBatch / 2);
  const largeCached = await steps(512, cacheBatch);
  const memory = largeCached.megabytes / small.megabytes;
  return [
    plain('peak memory, DistilBERT of 2 layers, 32 pairs × 128 tokens', `${small.megabytes.toFixed(0)} MB`),
    atMost(
      '512 pairs in parts of 64 texts / 32 pairs at once',
      memory,
      1.25,
      `${largeCached.megabytes.toFixed(0)} MB, ${memory.toFixed(2)}`,
    ),
    plain('step time, 32 pairs in two parts / at once', (smallCached.seconds / small.seconds).toFixed(2)),
  ];
}

async function steps(pairs: number, texts: number | null): Promise<{ seconds: number; megabytes: number }> {
  const { seconds, peakBytes } = await measureSteps({
    shape,
    recipe: { loss_type: 'infonce' },
    questions: pairs,
    answers: 1,
    length: 128,
    device: 'cpu',
    cacheBatch: texts,
    steps: 2,
  });
  return { seconds: seconds.at(-1)!, megabytes: peakBytes / 1e6 };
}
