import type { Configuration } from '../../shared/configuration.ts';
import type { DeviceName } from '../../shared/device.ts';
import { requireCuts } from '../../shared/matryoshka.ts';
import type { LossChoice } from '../../shared/recipe.ts';
import type { Batch } from '../batching/batch.ts';
import { initialWeights, type Encoder, type Parametrised, type TokenIds, type Weights } from '../encoders/encoder.ts';
import type { DeviceMemory } from '../engine/memory.ts';
import { configureLoss } from '../losses/registry.ts';
import { temperatureGroup } from '../losses/temperature.ts';
import { randomStream } from '../base/random.ts';
import { CachedStep, cachedStepMemory } from './cachedStep.ts';
import { parameterGroups, type ParameterGroups } from './parameterGroups.ts';
import { initialState, type TrainingState } from './state.ts';
import type { StepDesign, TrainingStep } from './step.ts';
import { stepParameters } from './stepGraph.ts';
import { WholeBatchStep, wholeBatchMemory } from './wholeBatchStep.ts';

/** Throws a `configuration` LabError if the configuration does not fit the encoder. */
export function designStep(
  encoder: Encoder,
  { recipe: { loss }, training, encoder: { dropout } }: Configuration,
  device: DeviceName,
): StepDesign {
  requireCuts(loss.parameters.matryoshka_dimensions, encoder.dimension);
  return {
    encoder,
    loss,
    device,
    dropout,
    groups: new Map([...parameterGroups(encoder, training), ...groupsOfLoss(loss)]),
    cacheBatch: training.gradient_cache_batch,
  };
}

/** All tensors that a step changes, in the order of a checkpoint. */
export function parametersOf({ encoder, loss }: Pick<StepDesign, 'encoder' | 'loss'>): Parametrised {
  return stepParameters(encoder, configureLoss(loss));
}

/** The initial state of a run: `weights` are those of the encoder. */
export function startingState(design: StepDesign, weights: Weights): TrainingState {
  const own = initialWeights(configureLoss(design.loss), (name) => randomStream(0, 'weights', name));
  return initialState(parametersOf(design), new Map([...weights, ...own]), design.groups);
}

/** The loss's own parameters are trained at the full rate, also if parts of the encoder are not. */
export function groupsOfLoss(loss: LossChoice): ParameterGroups {
  return new Map(configureLoss(loss).parameters.map(({ name }) => [name, temperatureGroup]));
}

/** Simulates successive steps on a device; `memory` gets their expected memory. */
export function stepMemory(
  design: StepDesign,
  memory: DeviceMemory,
): (batch: Batch, texts: readonly TokenIds[]) => void {
  const { cacheBatch } = design;
  return cacheBatch === null ? wholeBatchMemory(design, memory) : cachedStepMemory(design, cacheBatch, memory);
}

/** `initial` holds moments of the parameters that the design trains. */
export function createTrainingStep(design: StepDesign, initial: TrainingState): Promise<TrainingStep> {
  const { cacheBatch } = design;
  return cacheBatch === null ? WholeBatchStep.create(design, initial) : CachedStep.create(design, cacheBatch, initial);
}
