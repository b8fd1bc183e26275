import { sizeOf, type Shape } from './dimension.ts';
import type { Graph, Tensor } from './graph.ts';
import { int32Scalar, type HostTensor } from './hostTensor.ts';
import { add, divide, greater, multiply, where } from './operators/elementwise.ts';
import { reshape } from './operators/movement.ts';

/**
 * Dropout whose mask is a function of a seed, the place in the graph and the position in the tensor: it is the same on
 * every device and needs no state. Seed and place are mixed into a key, the key and the row into the row's key, the
 * row's key and the column into a 32-bit number. The element is kept if that number is above a threshold. Mixing is two
 * rounds of x → x·(2x + 1) modulo 2³² (as in RC6: Rivest et al. 1998), the high half added to the low half in between.
 * It uses only wrapping int32 products and sums, a truncating division and a comparison, because ONNX Runtime's WebGPU
 * backend has no bit operations.
 */
export class Dropout {
  readonly #graph: Graph;
  readonly #rate: number;
  readonly #rowNumbers: RowNumbers;
  #places = 0;

  /** `rate` in [0, 1): the share of elements set to zero; the others are divided by 1 − rate. */
  constructor(graph: Graph, rate: number, rowNumbers: RowNumbers = (leading) => graph.range(sizeOf(leading))) {
    this.#graph = graph;
    this.#rate = rate;
    this.#rowNumbers = rowNumbers;
  }

  apply(x: Tensor): Tensor {
    if (this.#rate === 0) return x;
    const columns = x.shape.at(-1)!;
    const leading = x.shape.slice(0, -1);
    const rows = sizeOf(leading);
    const place = ++this.#places;
    // Mixed before rows are added to it: otherwise seeds and places that differ by a multiple of the row's constant
    // would share one mask, shifted by some rows.
    const placeKey = scramble(add(this.#graph.input('dropout.seed', 'int32', []), Math.imul(place, oddConstant(3))));
    const rowKey = scramble(add(multiply(reshape(this.#rowNumbers(leading), [rows, 1]), oddConstant(1)), placeKey));
    const columnKey = multiply(reshape(this.#graph.range(columns), [1, columns]), oddConstant(2));
    const number = scramble(add(rowKey, columnKey));
    const threshold = Math.round(this.#rate * 2 ** 32) - 2 ** 31;
    const survives = reshape(greater(number, threshold - 1), x.shape);
    return where(survives, multiply(x, 1 / (1 - this.#rate)), 0);
  }
}

/** The int32 numbers of a tensor's rows, from the lengths of all its axes but the last: by default 0, 1, … */
export type RowNumbers = (leading: Shape) => Tensor;

/** The input of a training step with dropout: one seed per step. */
export function dropoutFeed(seed: number): Record<string, HostTensor> {
  return { 'dropout.seed': int32Scalar(seed | 0) };
}

function scramble(x: Tensor): Tensor {
  const first = quadratic(x);
  return quadratic(add(first, divide(first, 65_536)));
}

function quadratic(x: Tensor): Tensor {
  return multiply(x, add(multiply(x, 2), 1));
}

/** Odd multipliers far apart, from the golden ratio, as int32. */
function oddConstant(index: number): number {
  return Math.imul(index, 0x9e3779b9) | 1 | 0;
}
