import { sizeOf } from '../dimension.ts';
import type { Operator, Tensor } from '../graph.ts';
import { divide, multiply, stopGradient, equal, cast } from './elementwise.ts';
import { emitReduction, normaliseAxes, reduction } from './axes.ts';
import { expand, reduceSum } from './broadcast.ts';
import { reshape } from './movement.ts';

/** Reductions over axes, which stay as axes of length 1 (`keepdims`) unless squeezed. */

export function reduceMean(x: Tensor, axes: readonly number[]): Tensor {
  const count = sizeOf(normaliseAxes(axes, x.shape.length).map((axis) => x.shape[axis]!));
  return divide(reduceSum(x, axes), x.graph.size(count));
}

/** Elements equal to the maximum share the gradient equally. */
export function reduceMax(x: Tensor, axes: readonly number[]): Tensor {
  return reduction(x, maxOperator, axes);
}

const maxOperator: Operator = {
  name: 'ReduceMax',
  emit: emitReduction('ReduceMax'),
  gradient: ({ inputs: [x], output, attributes }, dy) => {
    const isMaximum = stopGradient(cast(equal(x!, expand(output, x!.shape)), 'float32'));
    const ties = reduceSum(isMaximum, attributes.axes as number[]);
    return [multiply(isMaximum, divide(dy, ties))];
  },
};

/** Removes axes of length 1. */
export function squeeze(x: Tensor, axes: readonly number[]): Tensor {
  const removed = normaliseAxes(axes, x.shape.length);
  for (const axis of removed)
    if (x.shape[axis] !== 1) throw new Error(`Axis ${axis} has length ${x.shape[axis]}, not 1.`);
  return reshape(
    x,
    x.shape.filter((_, axis) => !removed.includes(axis)),
  );
}

/** The sum of all elements, a scalar. */
export function sumAll(x: Tensor): Tensor {
  return reshape(
    reduceSum(
      x,
      x.shape.map((_, axis) => axis),
    ),
    [],
  );
}

/** The mean of all elements, a scalar. */
export function meanAll(x: Tensor): Tensor {
  return divide(sumAll(x), x.graph.size(sizeOf(x.shape)));
}

/** The sum of the squares of all elements, a scalar; no gradient. */
export function sumOfSquares(x: Tensor): Tensor {
  const axes = x.shape.map((_, axis) => axis);
  return axes.length === 0 ? multiply(x, x) : reshape(reduction(x, sumOfSquaresOperator, axes), []);
}

const sumOfSquaresOperator: Operator = {
  name: 'ReduceSumSquare',
  gradient: null,
  emit: emitReduction('ReduceSumSquare'),
};
