import { totalmem } from 'node:os';
import type { GradientComparison, GradientPoint } from '../../shared/contract/diagnostics.ts';
import type { Configuration } from '../../shared/configuration.ts';
import { LabError } from '../../shared/errors.ts';
import { formatCount, formatMemory } from '../../shared/format.ts';
import type { Progress } from '../../shared/progress.ts';
import { elementsOf, type Weights } from '../encoders/encoder.ts';
import { float32 } from '../graph/hostTensor.ts';
import type { Feeds } from '../engine/session.ts';
import { readEncoderFolder } from '../encoders/encoderFolder.ts';
import type { TrainingJob } from '../training/job.ts';
import { parameterGroups } from '../training/parameterGroups.ts';
import { prepareRun, type PreparedRun } from '../training/prepare.ts';
import { trainedParameters } from '../training/stepGraph.ts';
import { GradientCosines } from './gradientCosines.ts';
import { LossGradient } from './lossGradient.ts';
import { stateName } from '../encoders/stateNames.ts';

/** The recipes of an experiment with one seed, and the number of batches to compare them on. */
export interface GradientsJob {
  /** The job of the first recipe; its prepared data is used for all. */
  readonly job: TrainingJob;
  readonly recipes: readonly ComparedRecipe[];
  readonly batches: number;
}

export interface ComparedRecipe {
  readonly configuration: Configuration;
  /** Folder of its trained encoder; null if it has none. */
  readonly encoder: string | null;
}

/**
 * Cosines between the gradients of several losses on the same questions: the first batches of the plan, from which each
 * recipe's strategy chooses as in training. They are computed at the untrained weights, and at the trained weights of
 * every recipe that has some. Throws the errors of a run, and a `usage` LabError if the gradients do not fit into
 * memory together.
 */
export async function compareGradients(
  { job, recipes, batches: wanted }: GradientsJob,
  report: (progress: Progress) => void,
): Promise<GradientComparison> {
  const prepared = await prepareRun(job, {
    phase: (message, done, total) => report({ message, done, total }),
    notice: () => undefined,
  });
  const batches = Math.min(wanted, prepared.plan.stepsPerEpoch);
  const groups = parameterGroups(prepared.encoder, job.configuration.training);
  requireMemory(
    trainedParameters(prepared.encoder, groups).reduce((sum, { shape }) => sum + elementsOf(shape), 0),
    recipes.length,
  );
  const losses: LossGradient[] = [];
  try {
    for (const { configuration } of recipes)
      losses.push(await LossGradient.create(prepared.encoder, groups, configuration.recipe.loss, job.device));
    const points: GradientPoint[] = [];
    for (const { trainedBy, weights } of weightsOf(prepared, recipes)) {
      const message = trainedBy === null ? 'Untrained weights' : `Weights trained by "${trainedBy}"`;
      const cosines = await cosinesAt(prepared, weights(), recipes, losses, batches, (done) =>
        report({ message, done, total: batches }),
      );
      points.push({ trainedBy, ...cosines.result() });
    }
    return { recipes: recipes.map(({ configuration }) => configuration.name), batches, points };
  } finally {
    for (const loss of losses) await loss.dispose();
  }
}

/** Read one after the other, when needed, because each is as large as the encoder. */
function weightsOf(
  prepared: PreparedRun,
  recipes: readonly ComparedRecipe[],
): { trainedBy: string | null; weights: () => Weights }[] {
  const trained = recipes.flatMap(({ configuration, encoder }) =>
    encoder === null
      ? []
      : [{ trainedBy: configuration.name, weights: () => readEncoderFolder(encoder, configuration.encoder).weights }],
  );
  return [{ trainedBy: null, weights: () => prepared.weights }, ...trained];
}

async function cosinesAt(
  prepared: PreparedRun,
  weights: Weights,
  recipes: readonly ComparedRecipe[],
  losses: readonly LossGradient[],
  batches: number,
  onBatch: (batch: number) => void,
): Promise<GradientCosines> {
  const { idsOf, encoder, plan } = prepared;
  const parameters: Feeds = Object.fromEntries(
    encoder.parameters.map(({ name, shape }) => [stateName('parameter', name), float32(weights.get(name)!, shape)]),
  );
  const cosines = new GradientCosines(losses.length);
  for (let position = 1; position <= batches; position++) {
    onBatch(position);
    const gradients: (Float32Array[] | null)[] = [];
    for (const [recipe, loss] of losses.entries()) {
      const batch = plan.batchAt(position, recipes[recipe]!.configuration.recipe.strategy);
      gradients.push(batch && (await loss.at(parameters, batch, batch.texts.map(idsOf))));
    }
    cosines.add(gradients);
  }
  return cosines;
}

/** All gradients of a batch are in memory at once, for a moment twice; computing them needs about as much again. */
export function requireMemory(parameters: number, recipes: number, memory = totalmem()): void {
  const bytes = parameters * 4 * (recipes + 3);
  const available = 0.7 * memory;
  if (bytes <= available) return;
  throw new LabError(
    'usage',
    `The gradients of ${recipes} recipes over ${formatCount(parameters)} parameters need about ${formatMemory(bytes)} of memory together, but only ${formatMemory(available)} can be used.`,
    'Compare fewer recipes at a time.',
  );
}
