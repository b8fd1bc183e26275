import type { Tensor } from '../graph/graph.ts';
import { l2Normalise } from '../graph/operators/normalisation.ts';
import type { ParameterSpecification } from './encoder.ts';
import { inLayer, uniformLinear } from './initialisation.ts';
import { linearLayer, type ParameterLookup } from './layers.ts';

/** Settings of every transformer encoder, and the steps after its last layer. */
export interface TransformerSettings {
  readonly vocabularySize: number;
  readonly maxPositions: number;
  /** Hidden size. */
  readonly size: number;
  readonly layers: number;
  readonly heads: number;
  /** Inner size of the feed-forward blocks. */
  readonly innerSize: number;
  /** Length of an embedding after a linear projection; null for none. */
  readonly projection: number | null;
  readonly pooling: 'cls' | 'mean';
  readonly padId: number;
  readonly dropout: number;
}

export function dimensionOf({ size, projection }: TransformerSettings): number {
  return projection ?? size;
}

export function projectionParameters({ size, projection }: TransformerSettings): ParameterSpecification[] {
  return projection === null ? [] : inLayer('head', uniformLinear('projection', projection, size));
}

/** Pooled states [texts, size] → embeddings [texts, dimension] of length 1. */
export function embeddingsOf(pooled: Tensor, parameter: ParameterLookup, { projection }: TransformerSettings): Tensor {
  return l2Normalise(projection === null ? pooled : linearLayer(pooled, parameter, 'projection'));
}

/** The part of `config.json` that only LossLab reads. */
export function ownConfig(encoder: string, { pooling, projection }: TransformerSettings): Record<string, unknown> {
  return { losslab: { encoder, pooling, projection_dim: projection } };
}
