import { float32, int32, type HostTensor } from '../graph/hostTensor.ts';

/** A matrix of float32 filled by row and column on the host. */
export class HostMatrix {
  readonly rows: number;
  readonly columns: number;
  readonly #data: Float32Array;

  constructor(rows: number, columns: number, fill = 0) {
    this.rows = rows;
    this.columns = columns;
    this.#data = new Float32Array(rows * columns).fill(fill);
  }

  get(row: number, column: number): number {
    return this.#data[row * this.columns + column]!;
  }

  set(row: number, column: number, value: number): void {
    this.#data[row * this.columns + column] = value;
  }

  add(row: number, column: number, value: number): void {
    this.#data[row * this.columns + column]! += value;
  }

  tensor(): HostTensor {
    return float32(this.#data, [this.rows, this.columns]);
  }
}

export function indices(values: readonly number[]): HostTensor {
  return int32(Int32Array.from(values), [values.length]);
}

/** Softmax of a few numbers. */
export function softmaxOf(values: readonly number[]): number[] {
  const highest = Math.max(...values);
  const exponentials = values.map((value) => Math.exp(value - highest));
  const sum = exponentials.reduce((total, value) => total + value, 0);
  return exponentials.map((value) => value / sum);
}

/** Σ p·ln p, with 0·ln 0 = 0: added to a cross-entropy, it gives the Kullback–Leibler divergence. */
export function negativeEntropy(probabilities: readonly number[]): number {
  return probabilities.reduce((sum, p) => (p > 0 ? sum + p * Math.log(p) : sum), 0);
}
