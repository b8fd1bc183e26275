import { broadcastAxes, broadcastShapes, sameShape, type Shape } from '../dimension.ts';
import type { Operator, Tensor } from '../graph.ts';
import { emitReduction, reduction } from './axes.ts';
import { reshape } from './movement.ts';

/** Broadcasting and summing: each is the gradient of the other. */

/** Broadcasts to a shape. */
export function expand(x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x;
  if (!sameShape(broadcastShapes(x.shape, shape), shape))
    throw new Error(`Cannot expand [${x.shape.join(', ')}] to [${shape.join(', ')}].`);
  return x.graph.apply(expandOperator, [x], { type: x.type, shape });
}

const expandOperator: Operator = {
  name: 'Expand',
  emit: (emitter, { output }, [x]) => emitter.node('Expand', [x!, emitter.shape(output.shape)]),
  gradient: ({ inputs: [x] }, dy) => [sumTo(dy, x!.shape)],
};

export function reduceSum(x: Tensor, axes: readonly number[]): Tensor {
  return axes.length === 0 ? x : reduction(x, sumOperator, axes);
}

const sumOperator: Operator = {
  name: 'ReduceSum',
  emit: emitReduction('ReduceSum'),
  gradient: ({ inputs: [x] }, dy) => [expand(dy, x!.shape)],
};

/** Sums a gradient over the axes along which its input was broadcast. */
export function sumTo(gradient: Tensor, shape: Shape): Tensor {
  if (sameShape(gradient.shape, shape)) return gradient;
  const axes = broadcastAxes(shape, gradient.shape);
  return reshape(axes.length > 0 ? reduceSum(gradient, axes) : gradient, shape);
}
