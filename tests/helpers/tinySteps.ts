import type { Batch } from '../../src/lab/batching/batch.ts';
import { buildBatch } from '../../src/lab/batching/registry.ts';
import type { CorpusQuestion } from '../../src/lab/data/corpus.ts';
import type { Encoder, Weights } from '../../src/lab/encoders/encoder.ts';
import { randomStream } from '../../src/lab/base/random.ts';
import { oneGroup } from '../../src/lab/training/parameterGroups.ts';
import type { TrainingState } from '../../src/lab/training/state.ts';
import { type StepDesign, type StepFigures, type StepSettings } from '../../src/lab/training/step.ts';
import {
  lossParameters,
  strategiesOfLoss,
  strategyParameters,
  type LossChoice,
  type LossName,
} from '../../src/shared/recipe.ts';
import { createTrainingStep, groupsOfLoss, startingState } from '../../src/lab/training/createStep.ts';

/** Training steps over a batch of random token ids, for encoders of `tinyEncoders.ts`. */

export interface TinyBatch {
  readonly batch: Batch;
  readonly texts: Int32Array[];
}

/** The batch that the usual strategy of a loss makes of six questions with three answers each; lengths from 3 to 16. */
export function tinyBatch(loss: LossName = 'infonce'): TinyBatch {
  const random = randomStream(11, 'resampling');
  const [count, answers] = [6, 3];
  const ids = Array.from({ length: count * (1 + answers) }, () =>
    Int32Array.from({ length: 3 + random.integer(14) }, () => 4 + random.integer(36)),
  );
  const questions = Array.from({ length: count }, (_, question): CorpusQuestion => {
    const text = question * (1 + answers);
    return {
      id: `q${question}`,
      text,
      answers: Array.from({ length: answers }, (_, rank) => ({
        id: `a${text + rank}`,
        text: text + 1 + rank,
        score: 9 - 2 * rank - (question % 2),
      })),
    };
  });
  const name = strategiesOfLoss[loss][0];
  const batch = buildBatch(
    { name, parameters: strategyParameters[name].parse({}) },
    questions,
    randomStream(1, 'answers', 1),
  )!;
  return { batch, texts: batch.texts.map((text) => ids[text]!) };
}

export function choiceOf(loss: LossName, parameters: object = {}): LossChoice {
  return { name: loss, parameters: lossParameters[loss].parse(parameters) } as LossChoice;
}

export interface Trained {
  readonly figures: StepFigures[];
  readonly state: TrainingState;
}

export const tinySettings: StepSettings = {
  learningRate: 0.01,
  weightDecay: 0.1,
  maxGradientNorm: null,
  dropoutSeed: 0,
};

/** Some steps on one batch, each with a dropout seed of its own. The weights given are left alone. */
export async function trainTiny(
  { encoder, weights }: { encoder: Encoder; weights: Weights },
  design: Partial<StepDesign> = {},
  steps = 1,
  settings: Partial<StepSettings> = {},
): Promise<Trained> {
  const loss = design.loss ?? choiceOf('infonce');
  const decided: StepDesign = {
    encoder,
    loss,
    device: 'cpu',
    dropout: 0,
    groups: new Map([...oneGroup(encoder), ...groupsOfLoss(loss)]),
    cacheBatch: null,
    ...design,
  };
  const copies = new Map(Array.from(weights, ([name, values]) => [name, values.slice()]));
  const step = await createTrainingStep(decided, startingState(decided, copies));
  const { batch, texts } = tinyBatch(decided.loss.name);
  const figures: StepFigures[] = [];
  try {
    for (let i = 0; i < steps; i++)
      figures.push(await step.run(batch, texts, { ...tinySettings, dropoutSeed: i + 1, ...settings }));
    return { figures, state: await step.state.read() };
  } finally {
    await step.dispose();
  }
}
