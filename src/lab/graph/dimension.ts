/**
 * One axis length: a number, or a product of symbols bound when a model runs, as `length*texts` or
 * `12*texts`. Products have one canonical form, so that equal lengths are equal strings.
 */
export type Dimension = number | string;
export type Shape = readonly Dimension[];
/** Values of the symbols in one run. */
export type Bindings = ReadonlyMap<string, number>;

export function multiplyDimensions(dimensions: Iterable<Dimension>): Dimension {
  let coefficient = 1;
  const symbols: string[] = [];
  for (const dimension of dimensions) {
    if (typeof dimension === 'number') {
      coefficient *= dimension;
      continue;
    }
    for (const factor of dimension.split('*')) {
      if (/^\d+$/.test(factor)) coefficient *= Number(factor);
      else symbols.push(factor);
    }
  }
  if (symbols.length === 0 || coefficient === 0) return coefficient;
  const product = symbols.sort().join('*');
  return coefficient === 1 ? product : `${coefficient}*${product}`;
}

/** The number of elements of a shape. */
export function sizeOf(shape: Shape): Dimension {
  return multiplyDimensions(shape);
}

export function evaluateDimension(dimension: Dimension, bindings: Bindings): number {
  if (typeof dimension === 'number') return dimension;
  let value = 1;
  for (const factor of dimension.split('*')) {
    const bound = /^\d+$/.test(factor) ? Number(factor) : bindings.get(factor);
    if (bound === undefined) throw new Error(`No input of this run has the dimension "${factor}".`);
    value *= bound;
  }
  return value;
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dimension, axis) => dimension === b[axis]);
}

/** NumPy broadcasting. Only a literal 1 broadcasts, never a symbol, even if its value is 1. */
export function broadcastShapes(a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const left = a[axis - (rank - a.length)] ?? 1;
    const right = b[axis - (rank - b.length)] ?? 1;
    if (left === 1) return right;
    if (right === 1 || left === right) return left;
    throw new Error(`Shapes [${a.join(', ')}] and [${b.join(', ')}] do not broadcast: ${left} against ${right}.`);
  });
}

/** Axes of `shape` along which a tensor of shape `from` was broadcast to it. */
export function broadcastAxes(from: Shape, shape: Shape): number[] {
  const offset = shape.length - from.length;
  return shape.flatMap((dimension, axis) =>
    axis < offset || (from[axis - offset] === 1 && dimension !== 1) ? [axis] : [],
  );
}
