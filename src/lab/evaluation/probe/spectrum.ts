import { symmetricEigenvalues } from './eigenvalues.ts';

/**
 * Effective rank of a matrix of rows (Roy and Vetterli 2007): exp of the entropy of its singular values as
 * shares of their sum. From 1 (all rows on one line) to the number of rows or columns. `vectors` is
 * [rows, dimension]; singular values are the roots of the eigenvalues of its products of rows.
 */
export function effectiveRank(vectors: Float32Array, dimension: number): number {
  const rows = vectors.length / dimension;
  const eigenvalues = symmetricEigenvalues(gram(vectors, rows, dimension), rows);
  // Rounding can leave values slightly below 0.
  const singular = Array.from(eigenvalues, (value) => Math.sqrt(Math.max(0, value)));
  const total = singular.reduce((sum, value) => sum + value, 0);
  const entropy = singular.reduce(
    (sum, value) => (value > 0 ? sum - (value / total) * Math.log(value / total) : sum),
    0,
  );
  return Math.exp(entropy);
}

/** Dot products of every two rows, in double precision: rounding would make equal rows differ. */
function gram(vectors: Float32Array, rows: number, dimension: number): Float64Array {
  const products = new Float64Array(rows * rows);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = 0; k < dimension; k++) sum += vectors[i * dimension + k]! * vectors[j * dimension + k]!;
      products[i * rows + j] = products[j * rows + i] = sum;
    }
  }
  return products;
}
