import type { Encoder, Weights } from '../../encoders/encoder.ts';
import { linearLayer } from '../../encoders/layers.ts';
import type { Graph, Tensor } from '../../graph/graph.ts';
import { gatherRows } from '../../graph/operators/indexing.ts';
import { matmul } from '../../graph/operators/matrix.ts';
import { reshape } from '../../graph/operators/movement.ts';
import { l2Normalise } from '../../graph/operators/normalisation.ts';

/** A static encoder as other programs define it: vectors of tokens, and their mean. */

const vectors = 'embedding.weight';

export interface StaticWeights {
  readonly parameters: Encoder['parameters'];
  readonly values: Weights;
  /** By token id: 1 for tokens that count in the mean, 0 for special tokens. */
  readonly counted: Float32Array;
}

/** The vector of each token multiplied by its weight; special tokens get vectors of zeros. */
export function staticWeights(encoder: Encoder, weights: Weights, specialIds: readonly number[]): StaticWeights {
  const parameters = encoder.parameters.filter(({ name }) => name !== 'token_weight');
  const [rows, size] = parameters.find(({ name }) => name === vectors)!.shape as [number, number];
  const counted = new Float32Array(rows).fill(1);
  for (const id of specialIds) counted[id] = 0;
  const [vector, weight] = [weights.get(vectors)!, weights.get('token_weight')!];
  const folded = vector.map((value, i) => value * weight[Math.floor(i / size)]! * counted[Math.floor(i / size)]!);
  return {
    parameters,
    values: new Map(parameters.map(({ name }) => [name, name === vectors ? folded : weights.get(name)!])),
    counted,
  };
}

/** Looks up vectors by token, averages those of each text that count, and applies the projection if there is one. */
export function staticOverTokens(graph: Graph, parameter: (name: string) => Tensor, projected: boolean): Tensor {
  const found = gatherRows(parameter(vectors), graph.input('grid_ids', 'int32', ['texts', 'length']));
  const shares = graph.input('token_shares', 'float32', ['texts', 1, 'length']);
  const mean = reshape(matmul(shares, found), ['texts', found.shape[2]!]);
  return l2Normalise(projected ? linearLayer(mean, parameter, 'projection') : mean);
}
