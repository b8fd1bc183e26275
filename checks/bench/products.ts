import type { ProfiledNode } from './profiler.ts';

/** A matrix product of a step: `batch` products of [rows, inner] and [inner, columns]. */
export interface Product {
  readonly batch: number;
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
}

export interface ProductFigures {
  /** Total time of all nodes of the step. */
  readonly seconds: number;
  readonly productSeconds: number;
  /** Floating-point operations of the products. */
  readonly flops: number;
  /** The count and total time of each product. */
  readonly products: readonly { readonly product: Product; readonly count: number; readonly seconds: number }[];
  /** The slowest operators besides the products. */
  readonly others: readonly { readonly operator: string; readonly seconds: number }[];
}

const operators = ['Gemm', 'MatMul', 'FusedMatMul', 'FusedGemm'];

export function flopsOf({ batch, rows, inner, columns }: Product): number {
  return 2 * batch * rows * inner * columns;
}

/** The share of a step's time in matrix products. */
export function productsOf(nodes: readonly ProfiledNode[]): ProductFigures {
  const found = new Map<string, { product: Product; count: number; seconds: number }>();
  const others = new Map<string, number>();
  for (const node of nodes) {
    if (!operators.includes(node.operator)) {
      others.set(node.operator, (others.get(node.operator) ?? 0) + node.seconds);
      continue;
    }
    const product = productOf(node);
    const key = JSON.stringify(product);
    const { count, seconds } = found.get(key) ?? { count: 0, seconds: 0 };
    found.set(key, { product, count: count + 1, seconds: seconds + node.seconds });
  }
  const products = [...found.values()];
  const productSeconds = products.reduce((sum, { seconds }) => sum + seconds, 0);
  return {
    seconds: nodes.reduce((sum, { seconds }) => sum + seconds, 0),
    productSeconds,
    flops: products.reduce((sum, { product, count }) => sum + count * flopsOf(product), 0),
    products,
    others: [...others]
      .map(([operator, seconds]) => ({ operator, seconds }))
      .sort((a, b) => b.seconds - a.seconds)
      .slice(0, 8),
  };
}

/**
 * Works for any layout of the inputs: rows and columns come from the result, and the inner size from the number of
 * elements of the inputs.
 */
function productOf({ operator, inputs, outputs }: ProfiledNode): Product {
  const [left, right] = inputs as [readonly number[], readonly number[]];
  const [output] = outputs as [readonly number[]];
  const [rows, columns] = output.slice(-2) as [number, number];
  const batch = sizeOf(output.slice(0, -2));
  const ofRight = [sizeOf(right) / columns / batch, sizeOf(right) / columns];
  const inner = [sizeOf(left) / rows / batch, sizeOf(left) / rows].find((length) => ofRight.includes(length));
  if (inner === undefined)
    throw new Error(
      `${operator} of [${left.join(', ')}] and [${right.join(', ')}] to [${output.join(', ')}] is not a supported product.`,
    );
  return { batch, rows, inner, columns };
}

function sizeOf(dims: readonly number[]): number {
  return dims.reduce((product, length) => product * length, 1);
}
