import { broadcastShapes, type Shape } from '../dimension.ts';
import type { Operator, Tensor } from '../graph.ts';
import { reshape, transpose } from './movement.ts';
import { reduceSum, sumTo } from './broadcast.ts';

/** Matrix products. */

/** [..., m, k] × [..., k, n] → [..., m, n]; leading axes broadcast. */
export function matmul(a: Tensor, b: Tensor): Tensor {
  const [m, k] = lastTwo(a.shape);
  const [kOther, n] = lastTwo(b.shape);
  if (k !== kOther) throw new Error(`matmul: [${a.shape.join(', ')}] × [${b.shape.join(', ')}].`);
  const shape = [...broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, -2)), m, n];
  return a.graph.apply(matmulOperator, [a, b], { type: 'float32', shape });
}

const matmulOperator: Operator = {
  name: 'MatMul',
  emit: (emitter, _node, inputs) => emitter.node('MatMul', inputs),
  gradient: ({ inputs: [a, b] }, dy) => [
    sumTo(matmul(dy, swapLastTwo(b!)), a!.shape),
    sumTo(matmul(swapLastTwo(a!), dy), b!.shape),
  ],
};

/** Transposes the last two axes. */
export function swapLastTwo(x: Tensor): Tensor {
  const rank = x.shape.length;
  const permutation = x.shape.map((_, axis) => (axis === rank - 1 ? rank - 2 : axis === rank - 2 ? rank - 1 : axis));
  return transpose(x, permutation);
}

export interface GemmOptions {
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
}

/**
 * a' × b' (+ bias) over matrices, each optionally transposed, without a transposed copy.
 * The bias has the shape [columns].
 */
export function gemm(a: Tensor, b: Tensor, options: GemmOptions = {}, bias?: Tensor): Tensor {
  const transA = options.transposeA ?? false;
  const transB = options.transposeB ?? false;
  const [rows, inner] = orient(a.shape, transA);
  const [innerOther, columns] = orient(b.shape, transB);
  if (inner !== innerOther) throw new Error(`gemm: inner lengths ${inner} and ${innerOther} differ.`);
  const attributes = { transA: Number(transA), transB: Number(transB) };
  return a.graph.apply(
    gemmOperator,
    bias ? [a, b, bias] : [a, b],
    { type: 'float32', shape: [rows, columns] },
    attributes,
  );
}

const gemmOperator: Operator = {
  name: 'Gemm',
  // ONNX Runtime's CPU product is a fifth slower over a transposed first matrix than the copy takes.
  emit: (emitter, { attributes }, [a, ...others]) =>
    attributes.transA === 1
      ? emitter.node('Gemm', [emitter.node('Transpose', [a!], { perm: [1, 0] }), ...others], {
          ...attributes,
          transA: 0,
        })
      : emitter.node('Gemm', [a!, ...others], attributes),
  gradient: ({ inputs: [a, b, bias], attributes }, dy) => {
    const transA = attributes.transA === 1;
    const transB = attributes.transB === 1;
    const da = transA ? gemm(b!, dy, { transposeA: transB, transposeB: true }) : gemm(dy, b!, { transposeB: !transB });
    const db = transB ? gemm(dy, a!, { transposeA: true, transposeB: transA }) : gemm(a!, dy, { transposeA: !transA });
    return bias ? [da, db, reshape(reduceSum(dy, [0]), bias.shape)] : [da, db];
  },
};

function lastTwo(shape: Shape) {
  if (shape.length < 2) throw new Error(`A matrix must have at least two axes; found the shape [${shape.join(', ')}].`);
  return [shape.at(-2)!, shape.at(-1)!] as const;
}

function orient(shape: Shape, transposed: boolean) {
  if (shape.length !== 2) throw new Error(`gemm takes matrices; found [${shape.join(', ')}].`);
  return transposed ? ([shape[1]!, shape[0]!] as const) : ([shape[0]!, shape[1]!] as const);
}
