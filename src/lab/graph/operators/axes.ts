import type { EmitRule, Operator, Tensor } from '../graph.ts';

/** Shared by operators that reduce axes. Reduced axes stay as axes of length 1 (`keepdims`). */

export const emitReduction =
  (type: string): EmitRule =>
  (emitter, { attributes }, [x]) =>
    emitter.node(type, [x!, emitter.integers(attributes.axes as number[])], { keepdims: 1 });

export function reduction(x: Tensor, operator: Operator, axes: readonly number[]): Tensor {
  const reduced = normaliseAxes(axes, x.shape.length);
  const shape = x.shape.map((dimension, axis) => (reduced.includes(axis) ? 1 : dimension));
  return x.graph.apply(operator, [x], { type: x.type, shape }, { axes: reduced });
}

export function normaliseAxes(axes: readonly number[], rank: number): number[] {
  return axes.map((axis) => {
    const positive = axis < 0 ? axis + rank : axis;
    if (positive < 0 || positive >= rank) throw new Error(`Axis ${axis} is out of range for a tensor of rank ${rank}.`);
    return positive;
  });
}
