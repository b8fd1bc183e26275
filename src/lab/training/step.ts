import type { Configuration } from '../../shared/configuration.ts';
import type { DeviceName } from '../../shared/device.ts';
import { withFineTuning } from '../../shared/fineTuning.ts';
import { requireCuts } from '../../shared/matryoshka.ts';
import type { LossChoice } from '../../shared/recipe.ts';
import type { Batch } from '../batching/batch.ts';
import { initialWeights, type Encoder, type Parametrised, type TokenIds, type Weights } from '../encoders/encoder.ts';
import type { AdamwSettings } from '../graph/adamw.ts';
import type { DeviceMemory } from '../engine/memory.ts';
import { bindLoss } from '../losses/registry.ts';
import { temperatureGroup } from '../losses/temperature.ts';
import { randomStream } from '../base/random.ts';
import { CachedStep, cachedStepMemory } from './cachedStep.ts';
import { parameterGroups, type ParameterGroups } from './parameterGroups.ts';
import { initialState, type DeviceState, type TrainingState } from './state.ts';
import { stepParameters } from './stepGraph.ts';
import { WholeBatchStep, wholeBatchMemory } from './wholeBatchStep.ts';

/** What one optimiser update measured; figures may be NaN or infinite. */
export interface StepFigures {
  readonly loss: number;
  /** L2 norm of all gradients, before clipping. */
  readonly gradientNorm: number;
  readonly metrics: Record<string, number>;
}

export interface StepSettings extends AdamwSettings {
  /** Of the mask of this step's dropout; unused where the encoder has none. */
  readonly dropoutSeed: number;
}

/** What a training step is made for. */
export interface StepDesign {
  readonly encoder: Encoder;
  readonly loss: LossChoice;
  readonly device: DeviceName;
  /** In [0, 1). */
  readonly dropout: number;
  readonly groups: ParameterGroups;
  /** Texts whose activations are in memory at a time; null for those of the whole batch. */
  readonly cacheBatch: number | null;
}

/** A batch's loss, its gradients, and the update that follows from them, on one device. */
export interface TrainingStep {
  /** Stays on the device; on the CPU it is updated in place. */
  readonly state: DeviceState;
  /** Updates the state by one batch. `texts` are the token ids of the batch's texts, in its order. */
  run(batch: Batch, texts: readonly TokenIds[], settings: StepSettings): Promise<StepFigures>;
  dispose(): Promise<void>;
}

/** Throws a `configuration` LabError where the encoder cannot be trained as the configuration says. */
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
    cacheBatch: withFineTuning(training).gradient_cache_batch,
  };
}

/** All that a step of this design changes, in the order of a checkpoint. */
export function parametersOf({ encoder, loss }: Pick<StepDesign, 'encoder' | 'loss'>): Parametrised {
  return stepParameters(encoder, bindLoss(loss));
}

/** Where a run begins: `weights` are those of the encoder. */
export function startingState(design: StepDesign, weights: Weights): TrainingState {
  const own = initialWeights(bindLoss(design.loss), (name) => randomStream(0, 'weights', name));
  return initialState(parametersOf(design), new Map([...weights, ...own]), design.groups);
}

/** What the loss has of its own is trained at the full rate, whatever of the encoder is. */
export function groupsOfLoss(loss: LossChoice): ParameterGroups {
  return new Map(bindLoss(loss).parameters.map(({ name }) => [name, temperatureGroup]));
}

/** As if steps were run on a device, one after the other: `memory` tells what they are expected to need. */
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
