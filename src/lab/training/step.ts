import type { DeviceName } from '../../shared/device.ts';
import type { LossChoice } from '../../shared/recipe.ts';
import type { Batch } from '../batching/batch.ts';
import type { Encoder, TokenIds } from '../encoders/encoder.ts';
import type { AdamwSettings } from '../graph/adamw.ts';
import type { ParameterGroups } from './parameterGroups.ts';
import type { DeviceState } from './state.ts';

/** The measurements of one optimiser update; they may be NaN or infinite. */
export interface StepFigures {
  readonly loss: number;
  /** L2 norm of all gradients, before clipping. */
  readonly gradientNorm: number;
  readonly metrics: Record<string, number>;
}

export interface StepSettings extends AdamwSettings {
  /** Seed of the dropout mask of this step; unused if the encoder has no dropout. */
  readonly dropoutSeed: number;
}

/** The settings of a training step. */
export interface StepDesign {
  readonly encoder: Encoder;
  readonly loss: LossChoice;
  readonly device: DeviceName;
  /** In [0, 1). */
  readonly dropout: number;
  readonly groups: ParameterGroups;
  /** Number of texts whose activations are in memory at a time; null for the whole batch. */
  readonly cacheBatch: number | null;
}

/** Loss and gradients of a batch, and the update, on one device. */
export interface TrainingStep {
  /** Stays on the device; on the CPU it is updated in place. */
  readonly state: DeviceState;
  /** Updates the state by one batch. `texts` are the token ids of the batch's texts, in its order. */
  run(batch: Batch, texts: readonly TokenIds[], settings: StepSettings): Promise<StepFigures>;
  dispose(): Promise<void>;
}
