import { float32, int32, type HostTensor } from '../graph/hostTensor.ts';
import { multiply } from '../graph/operators/elementwise.ts';
import { gatherRows } from '../graph/operators/indexing.ts';
import { matmul } from '../graph/operators/matrix.ts';
import { l2Normalise } from '../graph/operators/normalisation.ts';
import type { Encoder, TokenIds } from './encoder.ts';
import { given, inLayer, normal, uniformLinear } from './initialisation.ts';
import { linearLayer } from './layers.ts';

export interface StaticSettings {
  readonly vocabularySize: number;
  /** Length of a token's vector. */
  readonly size: number;
  /** Length of an embedding; a length different from `size` adds a linear projection. */
  readonly projection: number;
  /** Special tokens, which are ignored. */
  readonly specialIds: readonly number[];
  /** Initial weight of each token: its inverse document frequency. */
  readonly tokenWeights: Float32Array;
}

/**
 * Token vectors with a learned weight each, averaged over the text, without interaction between tokens. A batch is a
 * matrix of the counts of its distinct tokens in each text, so encoding and its gradient are matrix products over these
 * tokens only.
 */
export function staticEncoder(settings: StaticSettings): Encoder {
  const { vocabularySize, size, projection, specialIds } = settings;
  const special = new Set(specialIds);
  const projected = projection !== size;
  return {
    dimension: projection,
    parameters: [
      ...inLayer('embeddings', [
        normal('embedding.weight', [vocabularySize, size], 1 / Math.sqrt(size)),
        given('token_weight', [vocabularySize, 1], aroundOne(settings.tokenWeights)),
      ]),
      ...(projected ? inLayer('head', uniformLinear('projection', projection, size)) : []),
    ],
    feed: (texts) => feedBags(texts, special),
    build: (graph, parameter) => {
      const ids = graph.input('token_ids', 'int32', ['tokens']);
      const row = (name: string) => gatherRows(parameter(name), ids, { unique: true });
      const weighted = multiply(row('embedding.weight'), row('token_weight'));
      const pooled = matmul(graph.input('token_shares', 'float32', ['texts', 'tokens']), weighted);
      return l2Normalise(projected ? linearLayer(pooled, parameter, 'projection') : pooled);
    },
    config: {
      model_type: 'losslab-static',
      vocab_size: vocabularySize,
      dim: size,
      losslab: { encoder: 'static', pooling: 'mean', projection_dim: projection },
    },
  };
}

/** Scaled to a mean of 1 over the tokens that have a weight: directions stay, and the scale suits the optimiser. */
function aroundOne(weights: Float32Array): Float32Array {
  const present = weights.filter((weight) => weight > 0);
  const mean = present.reduce((sum, weight) => sum + weight, 0) / Math.max(1, present.length);
  return weights.map((weight) => weight / (mean || 1));
}

function feedBags(texts: readonly TokenIds[], special: ReadonlySet<number>): Record<string, HostTensor> {
  const bags = texts.map((text) => Array.from(text).filter((id) => !special.has(id)));
  const column = new Map<number, number>();
  for (const bag of bags) for (const id of bag) if (!column.has(id)) column.set(id, column.size);
  // A batch of texts without any token still needs a column; its share is zero.
  if (column.size === 0) column.set(0, 0);
  const shares = new Float32Array(texts.length * column.size);
  bags.forEach((bag, row) => {
    for (const id of bag) shares[row * column.size + column.get(id)!]! += 1 / bag.length;
  });
  return {
    token_ids: int32(Int32Array.from(column.keys()), [column.size]),
    token_shares: float32(shares, [texts.length, column.size]),
  };
}
