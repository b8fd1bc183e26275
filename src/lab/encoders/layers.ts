import type { Graph, Tensor } from '../graph/graph.ts';
import type { Dropout } from '../graph/dropout.ts';
import { add, multiply } from '../graph/operators/elementwise.ts';
import { gatherRows } from '../graph/operators/indexing.ts';
import { gemm, matmul, swapLastTwo } from '../graph/operators/matrix.ts';
import { reshape, transpose } from '../graph/operators/movement.ts';
import { mergeHeads, onGrid, splitHeads, tokenPositions, tokens } from './tokenRows.ts';
import { layerNormalisation, softmax } from '../graph/operators/normalisation.ts';
import { reduceSum } from '../graph/operators/broadcast.ts';

/** Layers that the transformer encoders share. Hidden states are matrices [tokens, size]: see tokenRows.ts. */

/** Looks up a parameter of the graph by its full name. */
export type ParameterLookup = (name: string) => Tensor;

export function linearLayer(x: Tensor, parameter: ParameterLookup, name: string): Tensor {
  return gemm(x, parameter(`${name}.weight`), { transposeB: true }, parameter(`${name}.bias`));
}

export function layerNorm(x: Tensor, parameter: ParameterLookup, name: string, epsilon: number): Tensor {
  return layerNormalisation(x, parameter(`${name}.weight`), parameter(`${name}.bias`), epsilon);
}

export interface AttentionNames {
  readonly query: string;
  readonly key: string;
  readonly value: string;
  readonly output: string;
}

/** Multi-head attention (Vaswani et al. 2017) of all tokens: [tokens, size] → the same. */
export function attention(
  x: Tensor,
  parameter: ParameterLookup,
  names: AttentionNames,
  heads: number,
  dropout?: Dropout,
): Tensor {
  const size = x.shape[1] as number;
  const perHead = size / heads;
  const q = splitHeads(multiply(linearLayer(x, parameter, names.query), 1 / Math.sqrt(perHead)), heads);
  const k = splitHeads(linearLayer(x, parameter, names.key), heads);
  const v = splitHeads(linearLayer(x, parameter, names.value), heads);
  const weights = softmax(add(matmul(q, swapLastTwo(k)), paddingOf(x.graph)));
  const context = matmul(dropout?.apply(weights) ?? weights, v);
  return linearLayer(mergeHeads(context), parameter, names.output);
}

/**
 * The same attention for one token of each text, `first` [texts, size], over all tokens `x`. Keys and values of all
 * tokens are not computed: q · (W x) = (W' q) · x and Σ w (W x) = W (Σ w x), so both matrices are multiplied with one
 * row per text and head instead of every token.
 */
export function firstTokenAttention(
  first: Tensor,
  x: Tensor,
  parameter: ParameterLookup,
  names: AttentionNames,
  heads: number,
  dropout?: Dropout,
): Tensor {
  const size = x.shape[1] as number;
  const perHead = size / heads;
  const states = onGrid(x);
  const weightOf = (name: string): Tensor => reshape(parameter(`${name}.weight`), [heads, perHead, size]);
  const biasOf = (name: string, shape: readonly number[]): Tensor => reshape(parameter(`${name}.bias`), shape);
  const swapTextsAndHeads = (y: Tensor): Tensor => transpose(y, [1, 0, 2]);

  const scaled = multiply(linearLayer(first, parameter, names.query), 1 / Math.sqrt(perHead));
  const q = swapTextsAndHeads(reshape(scaled, ['texts', heads, perHead]));
  const asked = swapTextsAndHeads(matmul(q, weightOf(names.key)));
  const keyBias = swapTextsAndHeads(matmul(q, biasOf(names.key, [heads, perHead, 1])));
  const scores = add(matmul(asked, swapLastTwo(states)), keyBias);
  const softmaxed = softmax(add(scores, reshape(paddingOf(x.graph), ['texts', 1, 'length'])));
  const weights = dropout?.apply(softmaxed) ?? softmaxed;

  const mean = swapTextsAndHeads(matmul(weights, states));
  // After dropout, weights do not sum to 1.
  const valueBias = multiply(swapTextsAndHeads(reduceSum(weights, [-1])), biasOf(names.value, [heads, 1, perHead]));
  const context = add(matmul(mean, swapLastTwo(weightOf(names.value))), valueBias);
  return linearLayer(reshape(swapTextsAndHeads(context), ['texts', size]), parameter, names.output);
}

/** 0 for a token, −1e9 for padding. */
function paddingOf(graph: Graph): Tensor {
  return graph.input('padding', 'float32', ['texts', 1, 1, 'length']);
}

/** Sum of rows of the token and position tables, and of the first row of `types`: [tokens, size]. */
export function embedTokens(graph: Graph, words: Tensor, positions: Tensor, types?: Tensor): Tensor {
  const word = gatherRows(words, graph.input('token_ids', 'int32', [tokens]));
  const place = gatherRows(positions, graph.range('length'), { unique: true });
  const position = types ? add(place, gatherRows(types, graph.constant([0], [1], 'int32'), { unique: true })) : place;
  return add(word, tokenPositions(position));
}

/** Row numbers of the first tokens: [texts]. */
export function firstTokens(x: Tensor): Tensor {
  const { graph } = x;
  return gatherRows(x, graph.input('first_tokens', 'int32', ['texts']), { unique: true });
}

/** The mean of each text's tokens without padding: [tokens, size] → [texts, size]. */
export function meanOfTokens(x: Tensor): Tensor {
  const size = x.shape[1]!;
  const shares = x.graph.input('token_shares', 'float32', ['texts', 1, 'length']);
  return reshape(matmul(shares, onGrid(x)), ['texts', size]);
}
