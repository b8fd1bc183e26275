import { initialWeights } from '../../../src/lab/encoders/encoder.ts';
import { memoryOf } from '../../../src/lab/engine/memory.ts';
import { randomStream } from '../../../src/lab/base/random.ts';
import { oneGroup } from '../../../src/lab/training/parameterGroups.ts';
import type { DeviceName } from '../../../src/shared/device.ts';
import type { RawConfiguration } from '../../../src/shared/configuration.ts';
import { resolveConfiguration } from '../../../src/shared/configuration.ts';
import { madeUpBatch } from '../madeUpBatch.ts';
import { productsOf, type ProductFigures } from '../products.ts';
import { Profiler } from '../profiler.ts';
import { encoderOfShape, type Shape } from '../shapes.ts';
import { createTrainingStep, groupsOfLoss, startingState, stepMemory } from '../../../src/lab/training/createStep.ts';

/** Repeats training steps on a generated batch and prints StepFigures. The argument is a StepJob. */
export interface StepJob {
  readonly shape: Shape;
  /** Loss and strategy. */
  readonly recipe: RawConfiguration;
  readonly questions: number;
  /** Of each question. */
  readonly answers: number;
  /** Tokens of each text. */
  readonly length: number;
  readonly steps: number;
  readonly device: DeviceName;
  /** Texts whose activations are in memory at a time; null for all. */
  readonly cacheBatch: number | null;
  /** Whether to profile the nodes of the last step, which takes a little time. */
  readonly profile: boolean;
}

export interface StepFigures {
  readonly seconds: readonly number[];
  readonly losses: readonly number[];
  /** Seconds to create the step: graph, gradients, session. */
  readonly startSeconds: number;
  readonly peakBytes: number;
  /** Expected memory of the device, computed before the first step. */
  readonly expectedBytes: number;
  readonly texts: number;
  /** Profile of the last step; null if it was not requested. */
  readonly products: ProductFigures | null;
}

const job = JSON.parse(process.argv[2]!) as StepJob;
const profiler = job.profile ? new Profiler() : null;
const { recipe } = resolveConfiguration(job.recipe);
const encoder = encoderOfShape(job.shape);
const { batch, texts } = madeUpBatch(recipe.strategy, { ...job, vocabularySize: job.shape.vocabularySize });
const started = performance.now();
const design = {
  encoder,
  loss: recipe.loss,
  device: job.device,
  dropout: job.shape.dropout,
  groups: new Map([...oneGroup(encoder), ...groupsOfLoss(recipe.loss)]),
  cacheBatch: job.cacheBatch,
};
const memory = memoryOf(job.device);
stepMemory(design, memory)(batch, texts);
const step = await createTrainingStep(
  design,
  startingState(
    design,
    initialWeights(encoder, (name) => randomStream(1, 'weights', name)),
  ),
);
const startSeconds = (performance.now() - started) / 1000;
const seconds: number[] = [];
const losses: number[] = [];
for (let i = 0; i < job.steps; i++) {
  const from = performance.now();
  losses.push(
    (await step.run(batch, texts, { learningRate: 2e-5, weightDecay: 0.01, maxGradientNorm: null, dropoutSeed: i }))
      .loss,
  );
  seconds.push((performance.now() - from) / 1000);
}
const products = profiler ? productsOf(profiler.runs().at(-1)!) : null;
console.log(
  JSON.stringify({
    seconds,
    losses,
    startSeconds,
    peakBytes: process.resourceUsage().maxRSS * 1024,
    expectedBytes: memory.peakBytes,
    texts: texts.length,
    products,
  } satisfies StepFigures),
);
process.exit(0);
