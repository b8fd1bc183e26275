import type { DeviceName } from '../../shared/device.ts';
import type { LossChoice } from '../../shared/recipe.ts';
import type { Batch } from '../batching/batch.ts';
import type { Encoder, TokenIds } from '../encoders/encoder.ts';
import type { AdamwSettings } from '../graph/adamw.ts';
import type { ParameterGroups } from './parameterGroups.ts';
import type { DeviceState } from './state.ts';

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
