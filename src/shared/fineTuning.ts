import { ConfigurationError, type FineTuning } from './configuration.ts';

/** Throws a ConfigurationError if an encoder with `layers` layers would be frozen too far. */
export function requireSomethingTrained(
  { freeze_embeddings, freeze_layers }: FineTuning,
  layers: number,
  hasProjection: boolean,
): void {
  if (freeze_layers > layers)
    throw new ConfigurationError(
      ['freeze_layers'],
      `freeze_layers is ${freeze_layers}, but the encoder has ${layers} layers.`,
      `Set freeze_layers to ${layers} or less.`,
    );
  if (hasProjection || !freeze_embeddings || freeze_layers < layers) return;
  throw new ConfigurationError(
    ['freeze_layers', 'freeze_embeddings', 'projection_dim'],
    `freeze_embeddings and freeze_layers ${freeze_layers} freeze the whole encoder, which has no projection: no parameter is left to train.`,
    'Lower freeze_layers, or set projection_dim.',
  );
}
