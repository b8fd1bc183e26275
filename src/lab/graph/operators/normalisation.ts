import type { Operator, Tensor } from '../graph.ts';
import {
  add,
  divide,
  exponential,
  logarithm,
  maximum,
  multiply,
  square,
  squareRoot,
  stopGradient,
  subtract,
} from './elementwise.ts';
import { reduceMax, reduceMean } from './reduction.ts';
import { reduceSum, sumTo } from './broadcast.ts';

/** Softmax, layer normalisation and L2 normalisation over the last axis. */

export function softmax(x: Tensor): Tensor {
  return x.graph.apply(softmaxOperator, [x], { type: 'float32', shape: x.shape });
}

const softmaxOperator: Operator = {
  name: 'Softmax',
  emit: (emitter, _node, inputs) => emitter.node('Softmax', inputs, { axis: -1 }),
  gradient: ({ output }, dy) => [multiply(output, subtract(dy, reduceSum(multiply(dy, output), [-1])))],
};

/** Log of the softmax, by subtracting the maximum first: finite for any finite input. */
export function logSoftmax(x: Tensor): Tensor {
  const shifted = subtract(x, stopGradient(reduceMax(x, [-1])));
  return subtract(shifted, logarithm(reduceSum(exponential(shifted), [-1])));
}

/** (x − mean) / √(variance + epsilon) · scale + bias over the last axis (Ba, Kiros and Hinton 2016). */
export function layerNormalisation(x: Tensor, scale: Tensor, bias: Tensor, epsilon: number): Tensor {
  return x.graph.apply(layerNormalisationOperator, [x, scale, bias], { type: 'float32', shape: x.shape }, { epsilon });
}

const layerNormalisationOperator: Operator = {
  name: 'LayerNormalization',
  emit: (emitter, { attributes }, inputs) => emitter.node('LayerNormalization', inputs, { axis: -1, ...attributes }),
  gradient: ({ inputs: [x, scale, bias], attributes }, dy) => {
    const centred = subtract(x!, reduceMean(x!, [-1]));
    const deviation = squareRoot(add(reduceMean(square(centred), [-1]), attributes.epsilon as number));
    const normalised = divide(centred, deviation);
    const scaled = multiply(dy, scale!);
    const projected = multiply(normalised, reduceMean(multiply(scaled, normalised), [-1]));
    const dx = divide(subtract(subtract(scaled, reduceMean(scaled, [-1])), projected), deviation);
    return [dx, sumTo(multiply(dy, normalised), scale!.shape), sumTo(dy, bias!.shape)];
  },
};

/**
 * x / max(‖x‖₂, 1e-12) over the last axis, as PyTorch's `normalize`. The bound is applied under the root, so that the
 * gradient of a zero vector is finite.
 */
export function l2Normalise(x: Tensor): Tensor {
  return divide(x, squareRoot(maximum(reduceSum(square(x), [-1]), 1e-24)));
}
