import type { Configuration, TrainingConfiguration } from '../../../shared/configuration.ts';
import type { RehearsedRun, Rehearsal } from '../../../shared/contract/experiments.ts';
import type { ChosenDevice } from '../../../shared/device.ts';
import type { RehearsalFigures } from '../../training/rehearsal.ts';

/** Values of a checkpoint for each trainable number: itself and AdamW's two moments. */
const valuesPerParameter = 3;
const keptCheckpoints = 2;

/** What the figures of a rehearsal come to for a whole experiment of these recipes, each with so many seeds. */
export function describeRehearsal(
  figures: RehearsalFigures,
  recipes: readonly Configuration[],
  seeds: number,
  device: ChosenDevice,
  freeDiskBytes: number,
): Rehearsal {
  const { parameters, trainQuestions, testQuestions, hashes, evaluationSeconds, memory } = figures;
  const runs = recipes.map((recipe, index) => describeRun(recipe, figures, index));
  const encoderBytes = 4 * parameters;
  return {
    device: device.device,
    deviceReason: device.reason,
    parameters,
    trainQuestions,
    testQuestions,
    hashes,
    runs,
    evaluationSeconds,
    totalSeconds: seeds * runs.reduce((sum, { totalSeconds }) => sum + totalSeconds, 0),
    memory,
    diskBytes: seeds * runs.length * (keptCheckpoints * valuesPerParameter + 1) * encoderBytes,
    freeDiskBytes,
  };
}

function describeRun(
  { name, training }: Configuration,
  { steps: allSteps, stepsPerEpoch, recipes, evaluationSeconds }: RehearsalFigures,
  index: number,
): RehearsedRun {
  const { secondsPerStep, measured } = recipes[index]!;
  const minutes = training.max_minutes ?? Infinity;
  const steps = Math.min(allSteps, Math.max(1, Math.ceil((60 * minutes) / secondsPerStep)));
  const evaluations = countEvaluations(steps, stepsPerEpoch, training);
  return {
    name,
    steps,
    stepsPerEpoch,
    evaluations,
    secondsPerStep,
    measured,
    totalSeconds: steps * secondsPerStep + evaluations * evaluationSeconds,
  };
}

/** The untrained encoder, the end of each epoch, every `eval_steps` steps, and the last step: each step once. */
export function countEvaluations(
  steps: number,
  stepsPerEpoch: number,
  { eval_at_zero, eval_steps }: Pick<TrainingConfiguration, 'eval_at_zero' | 'eval_steps'>,
): number {
  let evaluations = eval_at_zero ? 1 : 0;
  for (let step = 1; step <= steps; step++) {
    if (step % stepsPerEpoch === 0 || step === steps || (eval_steps !== null && step % eval_steps === 0)) evaluations++;
  }
  return evaluations;
}
