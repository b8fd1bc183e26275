import { broadcastShapes } from '../dimension.ts';
import type { ElementType, EmitRule, GradientRule, Operator, Tensor } from '../graph.ts';
import { sumTo } from './broadcast.ts';

/** Elementwise arithmetic with NumPy broadcasting, and its gradients. */

export type Operand = Tensor | number;

const single =
  (type: string): EmitRule =>
  (emitter, node, inputs) =>
    emitter.node(type, inputs, node.attributes);

function binary(name: string, gradient: GradientRule | null, output?: ElementType) {
  const operator: Operator = { name, gradient, emit: single(name) };
  return (left: Operand, right: Operand): Tensor => {
    const [a, b] = operands(left, right);
    if (a.type !== b.type) throw new Error(`${name}: ${a.type} against ${b.type}.`);
    return a.graph.apply(operator, [a, b], { type: output ?? a.type, shape: broadcastShapes(a.shape, b.shape) });
  };
}

function operands(left: Operand, right: Operand): [Tensor, Tensor] {
  const tensor = typeof left === 'number' ? right : left;
  if (typeof tensor === 'number') throw new Error('At least one operand must be a tensor.');
  const lift = (operand: Operand): Tensor =>
    typeof operand === 'number' ? tensor.graph.scalar(operand, tensor.type) : operand;
  return [lift(left), lift(right)];
}

function unary(name: string, gradient: GradientRule | null) {
  const operator: Operator = { name, gradient, emit: single(name) };
  return (x: Tensor): Tensor => x.graph.apply(operator, [x], { type: x.type, shape: x.shape });
}

export const add = binary('Add', ({ inputs: [a, b] }, dy) => [sumTo(dy, a!.shape), sumTo(dy, b!.shape)]);

export const subtract = binary('Sub', ({ inputs: [a, b] }, dy) => [sumTo(dy, a!.shape), sumTo(negate(dy), b!.shape)]);

export const multiply = binary('Mul', ({ inputs: [a, b] }, dy) => [
  sumTo(multiply(dy, b!), a!.shape),
  sumTo(multiply(dy, a!), b!.shape),
]);

export const divide = binary('Div', ({ inputs: [a, b], output }, dy) => {
  const da = divide(dy, b!);
  return [sumTo(da, a!.shape), sumTo(negate(multiply(da, output)), b!.shape)];
});

/** If both are equal, the gradient goes to the first. */
export const maximum = binary('Max', ({ inputs: [a, b] }, dy) => {
  const second = greater(b!, a!);
  return [sumTo(where(second, 0, dy), a!.shape), sumTo(where(second, dy, 0), b!.shape)];
});

export const minimum = (a: Operand, b: Operand): Tensor => {
  const [x, y] = operands(a, b);
  return negate(maximum(negate(x), negate(y)));
};

export const negate = unary('Neg', (_, dy) => [negate(dy)]);
export const exponential = unary('Exp', ({ output }, dy) => [multiply(dy, output)]);
export const logarithm = unary('Log', ({ inputs: [x] }, dy) => [divide(dy, x!)]);
export const squareRoot = unary('Sqrt', ({ output }, dy) => [divide(dy, multiply(2, output))]);
export const hyperbolicTangent = unary('Tanh', ({ output }, dy) => [multiply(dy, subtract(1, square(output)))]);
export const sigmoid = unary('Sigmoid', ({ output }, dy) => [multiply(dy, multiply(output, subtract(1, output)))]);
/** Zero at zero, as in PyTorch. */
export const rectify = unary('Relu', ({ inputs: [x] }, dy) => [where(greater(x!, 0), dy, 0)]);
export const errorFunction = unary('Erf', ({ inputs: [x] }, dy) => [
  multiply(dy, multiply(2 / Math.sqrt(Math.PI), exponential(negate(square(x!))))),
]);

export const square = (x: Tensor): Tensor => multiply(x, x);

/**
 * x·Φ(x) with the normal distribution function Φ (Hendrycks and Gimpel 2016, the exact form).
 * Its derivative is Φ(x) + x·φ(x).
 */
export function gelu(x: Tensor): Tensor {
  return x.graph.apply(geluOperator, [x], { type: 'float32', shape: x.shape });
}

const geluOperator: Operator = {
  name: 'Gelu',
  emit: single('com.microsoft.Gelu'),
  gradient: ({ inputs: [x] }, dy) => {
    const distribution = multiply(add(errorFunction(multiply(x!, Math.SQRT1_2)), 1), 0.5);
    const density = multiply(exponential(multiply(square(x!), -0.5)), 1 / Math.sqrt(2 * Math.PI));
    return [multiply(dy, add(distribution, multiply(x!, density)))];
  },
};

export const greater = binary('Greater', null, 'bool');
export const equal = binary('Equal', null, 'bool');
export const logicalAnd = binary('And', null, 'bool');
export const logicalNot = unary('Not', null);
export const roundDown = unary('Floor', null);

/** Elementwise choice; the condition is broadcast, too. */
export function where(condition: Tensor, ifTrue: Operand, ifFalse: Operand): Tensor {
  const [a, b] = operands(ifTrue, ifFalse);
  const shape = broadcastShapes(condition.shape, broadcastShapes(a.shape, b.shape));
  return a.graph.apply(whereOperator, [condition, a, b], { type: a.type, shape });
}

const whereOperator: Operator = {
  name: 'Where',
  emit: single('Where'),
  gradient: ({ inputs: [condition, a, b] }, dy) => [
    null,
    sumTo(where(condition!, dy, 0), a!.shape),
    sumTo(where(condition!, 0, dy), b!.shape),
  ],
};

const onnxTypeCodes: Record<ElementType, number> = { float32: 1, int32: 6, int64: 7, bool: 9 };

export function cast(x: Tensor, type: ElementType): Tensor {
  if (x.type === type) return x;
  return x.graph.apply(castOperator, [x], { type, shape: x.shape }, { to: onnxTypeCodes[type] });
}

const castOperator: Operator = { name: 'Cast', gradient: null, emit: single('Cast') };

/** The same values without a gradient. */
export function stopGradient(x: Tensor): Tensor {
  return x.graph.apply(stopGradientOperator, [x], { type: x.type, shape: x.shape });
}

const stopGradientOperator: Operator = {
  name: 'StopGradient',
  isView: true,
  gradient: null,
  emit: (_emitter, _node, [x]) => x!,
};
