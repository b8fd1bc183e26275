import { distilbert } from '../../src/lab/encoders/distilbert.ts';
import type { Encoder } from '../../src/lab/encoders/encoder.ts';
import type { TransformerSettings } from '../../src/lab/encoders/transformer.ts';

/** Sizes of a DistilBERT with a projection; scripts of bench/pytorch read the same. */
export type Shape = Omit<TransformerSettings, 'padId'> & { readonly projection: number };

/** The published DistilBERT, with the projection of the original. */
export const distilbertShape: Shape = {
  vocabularySize: 30_522,
  maxPositions: 512,
  size: 768,
  layers: 6,
  heads: 12,
  innerSize: 3072,
  projection: 128,
  pooling: 'cls',
  dropout: 0,
};

/** For the short form. */
export const tinyShape: Shape = {
  vocabularySize: 1000,
  maxPositions: 128,
  size: 32,
  layers: 2,
  heads: 2,
  innerSize: 64,
  projection: 16,
  pooling: 'cls',
  dropout: 0,
};

export function encoderOfShape(shape: Shape, padId = 0): Encoder {
  return distilbert({ ...shape, padId });
}
