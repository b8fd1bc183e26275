import { z } from 'zod';
import { LabError } from './errors.ts';

/** Configuration keys for encoders that have learned before: what of them is trained, at which rate, and in how much memory. */
export const fineTuningShape = {
  freeze_embeddings: z.boolean(),
  freeze_layers: z.int().min(0),
  layer_decay: z.number().gt(0).max(1),
  warmup_ratio: z.number().min(0).lt(1),
  decay_bias_and_norm: z.boolean(),
  gradient_cache_batch: z.int().min(1).nullable(),
};

export interface FineTuning {
  /** Token, position and type tables, and their normalisation, stay as they are. */
  readonly freeze_embeddings: boolean;
  /** So many of the lowest layers stay as they are. */
  readonly freeze_layers: number;
  /** Rate of a layer over that of the one above it; 1 for one rate. */
  readonly layer_decay: number;
  /** Share of a run's steps over which the rate rises; 0 leaves it to `warmup_steps`. */
  readonly warmup_ratio: number;
  /** Whether weight decay is for biases and layer normalisation, too. */
  readonly decay_bias_and_norm: boolean;
  /** Texts whose activations are in memory at a time; null for those of the whole batch. */
  readonly gradient_cache_batch: number | null;
}

/** Everything is trained alike, as PyTorch's AdamW does unless told otherwise. */
export const fineTuningDefaults: FineTuning = {
  freeze_embeddings: false,
  freeze_layers: 0,
  layer_decay: 1,
  warmup_ratio: 0,
  decay_bias_and_norm: true,
  gradient_cache_batch: null,
};

type RawFineTuning = { readonly [K in keyof FineTuning]?: FineTuning[K] | undefined } & {
  readonly warmup_steps?: number | undefined;
};

/** Throws a `configuration` LabError for keys that contradict each other or mean nothing to the encoder. */
export function resolveFineTuning(raw: RawFineTuning, encoder: string, beginsAtRandom: boolean): FineTuning {
  const resolved = withFineTuning(raw);
  if (resolved.warmup_ratio > 0 && (raw.warmup_steps ?? 0) > 0) {
    throw new LabError(
      'configuration',
      `warmup_steps ${raw.warmup_steps} and warmup_ratio ${resolved.warmup_ratio} both say how long the warm-up is.`,
      'Give one of them.',
    );
  }
  if (encoder === 'static') requireStatic(resolved);
  if (beginsAtRandom) requireNothingFrozen(resolved, encoder);
  return resolved;
}

/** The keys of a run, decided: one from before there were such keys has none of them. */
export function withFineTuning(keys: RawFineTuning): FineTuning {
  return {
    freeze_embeddings: keys.freeze_embeddings ?? fineTuningDefaults.freeze_embeddings,
    freeze_layers: keys.freeze_layers ?? fineTuningDefaults.freeze_layers,
    layer_decay: keys.layer_decay ?? fineTuningDefaults.layer_decay,
    warmup_ratio: keys.warmup_ratio ?? fineTuningDefaults.warmup_ratio,
    decay_bias_and_norm: keys.decay_bias_and_norm ?? fineTuningDefaults.decay_bias_and_norm,
    gradient_cache_batch: keys.gradient_cache_batch ?? fineTuningDefaults.gradient_cache_batch,
  };
}

/** Throws a `configuration` LabError where an encoder of so many layers would be frozen too far. */
export function requireSomethingTrained(keys: RawFineTuning, layers: number, hasProjection: boolean): void {
  const { freeze_embeddings, freeze_layers } = withFineTuning(keys);
  if (freeze_layers > layers)
    throw new LabError(
      'configuration',
      `freeze_layers is ${freeze_layers}, but the encoder has ${layers} layers.`,
      `Set freeze_layers to ${layers} or less.`,
    );
  if (hasProjection || !freeze_embeddings || freeze_layers < layers) return;
  throw new LabError(
    'configuration',
    `freeze_embeddings and freeze_layers ${freeze_layers} leave nothing of this encoder to train: it has no projection.`,
    'Set freeze_layers to less, or projection_dim to a length.',
  );
}

function requireStatic({ layer_decay, gradient_cache_batch }: FineTuning): void {
  if (layer_decay !== 1)
    throw new LabError(
      'configuration',
      'layer_decay has no meaning for encoder "static", which has no layers.',
      'Leave layer_decay out, or set it to 1.',
    );
  if (gradient_cache_batch !== null) {
    throw new LabError(
      'configuration',
      'gradient_cache_batch has no meaning for encoder "static": it has no activations to speak of.',
      'Leave gradient_cache_batch out: large batches fit into memory without it.',
    );
  }
}

function requireNothingFrozen({ freeze_embeddings, freeze_layers }: FineTuning, encoder: string): void {
  const key = freeze_embeddings ? 'freeze_embeddings' : freeze_layers > 0 ? 'freeze_layers' : null;
  if (key === null) return;
  throw new LabError(
    'configuration',
    `${key} keeps weights as they are, and those of encoder "${encoder}" begin at random.`,
    `Leave ${key} out, or set encoder to weights that have learned: a folder, or hf:repository.`,
  );
}
