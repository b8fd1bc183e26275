import { sameShape, sizeOf, type Shape } from '../dimension.ts';
import type { Operator, Tensor } from '../graph.ts';

/** Operators that move elements and compute nothing. */

export function reshape(x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x;
  if (sizeOf(x.shape) !== sizeOf(shape))
    throw new Error(`Cannot reshape [${x.shape.join(', ')}] to [${shape.join(', ')}].`);
  return x.graph.apply(reshapeOperator, [x], { type: x.type, shape });
}

const reshapeOperator: Operator = {
  name: 'Reshape',
  isView: true,
  emit: (emitter, { output }, [x]) => emitter.node('Reshape', [x!, emitter.shape(output.shape)]),
  gradient: ({ inputs: [x] }, dy) => [reshape(dy, x!.shape)],
};

/** Axis `i` of the result is axis `permutation[i]` of `x`. */
export function transpose(x: Tensor, permutation: readonly number[]): Tensor {
  const shape = permutation.map((axis) => x.shape[axis]!);
  return x.graph.apply(transposeOperator, [x], { type: x.type, shape }, { perm: permutation });
}

const transposeOperator: Operator = {
  name: 'Transpose',
  emit: (emitter, { attributes }, [x]) => emitter.node('Transpose', [x!], attributes),
  gradient: ({ attributes }, dy) => {
    const permutation = attributes.perm as readonly number[];
    return [
      transpose(
        dy,
        permutation.map((_, axis) => permutation.indexOf(axis)),
      ),
    ];
  },
};
