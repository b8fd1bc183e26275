import type { Graph, Tensor } from '../graph/graph.ts';
import type { Dropout } from '../graph/dropout.ts';
import type { TokenIds } from './encoder.ts';
import { float32, int32, type HostTensor } from '../graph/hostTensor.ts';
import { add, multiply } from '../graph/operators/elementwise.ts';
import { gatherRows } from '../graph/operators/indexing.ts';
import { gemm, matmul, swapLastTwo } from '../graph/operators/matrix.ts';
import { reshape, transpose } from '../graph/operators/movement.ts';
import { layerNormalisation, softmax } from '../graph/operators/normalisation.ts';
import { reduceSum } from '../graph/operators/reduction.ts';

/**
 * What the transformer encoders share. Hidden states are matrices [length*texts, size]: all tokens
 * of all texts, padding included, one row each.
 */

export const tokens = 'length*texts';

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

/** Multi-head attention (Vaswani et al. 2017) of all tokens: [length*texts, size] → the same. */
export function attention(x: Tensor, parameter: ParameterLookup, names: AttentionNames, heads: number, dropout?: Dropout): Tensor {
  const size = x.shape[1] as number;
  const perHead = size / heads;
  const split = (states: Tensor): Tensor => reshape(states, ['texts', 'length', heads, perHead]);
  const q = transpose(split(multiply(linearLayer(x, parameter, names.query), 1 / Math.sqrt(perHead))), [0, 2, 1, 3]);
  const k = transpose(split(linearLayer(x, parameter, names.key)), [0, 2, 3, 1]);
  const v = transpose(split(linearLayer(x, parameter, names.value)), [0, 2, 1, 3]);
  const weights = softmax(add(matmul(q, k), paddingOf(x.graph)));
  const context = matmul(dropout?.apply(weights) ?? weights, v);
  return linearLayer(reshape(transpose(context, [0, 2, 1, 3]), x.shape), parameter, names.output);
}

/**
 * The same attention for one token of each text, `first` [texts, size], over all tokens `x`. Keys and
 * values of all tokens are not computed: q · (W x) = (W' q) · x and Σ w (W x) = W (Σ w x), so that both
 * matrices meet one row per text and head instead of every token.
 */
export function firstTokenAttention(first: Tensor, x: Tensor, parameter: ParameterLookup, names: AttentionNames, heads: number, dropout?: Dropout): Tensor {
  const size = x.shape[1] as number;
  const perHead = size / heads;
  const states = reshape(x, ['texts', 'length', size]);
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
  // Dropped weights do not sum to 1.
  const valueBias = multiply(swapTextsAndHeads(reduceSum(weights, [-1])), biasOf(names.value, [heads, 1, perHead]));
  const context = add(matmul(mean, swapLastTwo(weightOf(names.value))), valueBias);
  return linearLayer(reshape(swapTextsAndHeads(context), ['texts', size]), parameter, names.output);
}

/** 0 for a token, −1e9 for padding. */
function paddingOf(graph: Graph): Tensor {
  return graph.input('padding', 'float32', ['texts', 1, 1, 'length']);
}

/** Rows of the token and position tables, and the first of `types`, added: [length*texts, size]. */
export function embedTokens(graph: Graph, words: Tensor, positions: Tensor, types?: Tensor): Tensor {
  const size = words.shape[1]!;
  const word = gatherRows(words, graph.input('token_ids', 'int32', ['texts', 'length']));
  const place = gatherRows(positions, graph.range('length'), { unique: true });
  const position = types ? add(place, gatherRows(types, graph.constant([0], [1], 'int32'), { unique: true })) : place;
  return reshape(add(word, reshape(position, [1, 'length', size])), [tokens, size]);
}

/** Row numbers of the first tokens: [texts]. */
export function firstTokens(x: Tensor): Tensor {
  const { graph } = x;
  return gatherRows(x, graph.input('first_tokens', 'int32', ['texts']), { unique: true });
}

/** The mean of each text's tokens without padding: [length*texts, size] → [texts, size]. */
export function meanOfTokens(x: Tensor): Tensor {
  const size = x.shape[1]!;
  const shares = x.graph.input('token_shares', 'float32', ['texts', 1, 'length']);
  return reshape(matmul(shares, reshape(x, ['texts', 'length', size])), ['texts', size]);
}

/** Pads to the longest text; padding gets −1e9 in attention and no share in a mean. */
export function feedPadded(texts: readonly TokenIds[], padId: number): Record<string, HostTensor> {
  const count = texts.length;
  const length = Math.max(...texts.map((ids) => ids.length));
  const ids = new Int32Array(count * length).fill(padId);
  const padding = new Float32Array(count * length).fill(-1e9);
  const shares = new Float32Array(count * length);
  texts.forEach((text, i) => {
    const start = i * length;
    ids.set(text, start);
    padding.fill(0, start, start + text.length);
    shares.fill(1 / text.length, start, start + text.length);
  });
  return {
    token_ids: int32(ids, [count, length]),
    padding: float32(padding, [count, 1, 1, length]),
    token_shares: float32(shares, [count, 1, length]),
    first_tokens: int32(Int32Array.from({ length: count }, (_, i) => i * length), [count]),
  };
}
