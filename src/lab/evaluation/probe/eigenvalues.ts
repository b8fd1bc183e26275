/**
 * Eigenvalues of a symmetric matrix [size, size], in no order: Householder reflections to a tridiagonal
 * matrix, then QL with implicit shifts (Golub and Van Loan, Matrix Computations, 8.3). The matrix is
 * overwritten. About 4/3·size³ operations.
 */
export function symmetricEigenvalues(matrix: Float64Array, size: number): Float64Array {
  const { diagonal, beside } = tridiagonal(matrix, size);
  diagonalise(diagonal, beside);
  return diagonal;
}

interface Tridiagonal {
  readonly diagonal: Float64Array;
  /** `beside[i]` lies between rows i and i + 1; the last is 0. */
  readonly beside: Float64Array;
}

/** Reflects the part of each column that lies below the diagonal onto its first element. Works on the lower triangle, row by row. */
function tridiagonal(a: Float64Array, size: number): Tridiagonal {
  const diagonal = new Float64Array(size);
  const beside = new Float64Array(size);
  const v = new Float64Array(size);
  const w = new Float64Array(size);
  for (let k = size - 1; k > 0; k--) {
    // Row k left of the diagonal is the vector; the leading [k, k] part remains.
    const row = k * size;
    let norm = 0;
    for (let i = 0; i < k; i++) norm += (v[i] = a[row + i]!) ** 2;
    norm = Math.sqrt(norm);
    diagonal[k] = a[row + k]!;
    const sign = v[k - 1]! > 0 ? 1 : -1;
    beside[k - 1] = -sign * norm;
    const scale = norm * (norm + Math.abs(v[k - 1]!));
    if (scale === 0) continue;
    v[k - 1]! += sign * norm;
    reflect(a, size, k, v, w, scale);
  }
  diagonal[0] = a[0]!;
  return { diagonal, beside };
}

/** The leading [count, count] part A of a lower triangle becomes H A H, H = I − v vᵀ / scale, as A − v wᵀ − w vᵀ. */
function reflect(a: Float64Array, size: number, count: number, v: Float64Array, w: Float64Array, scale: number): void {
  w.fill(0, 0, count);
  for (let i = 0; i < count; i++) {
    const row = i * size;
    const vi = v[i]!;
    let sum = a[row + i]! * vi;
    for (let j = 0; j < i; j++) {
      const value = a[row + j]!;
      sum += value * v[j]!;
      w[j]! += value * vi;
    }
    w[i]! += sum;
  }
  let inner = 0;
  for (let i = 0; i < count; i++) inner += (w[i]! /= scale) * v[i]!;
  const half = inner / (2 * scale);
  for (let i = 0; i < count; i++) w[i]! -= half * v[i]!;
  for (let i = 0; i < count; i++) {
    const row = i * size;
    const vi = v[i]!;
    const wi = w[i]!;
    for (let j = 0; j <= i; j++) a[row + j]! -= vi * w[j]! + wi * v[j]!;
  }
}

/** Iterations for one eigenvalue at most; two or three are usual. */
const mostSweeps = 60;

/** QL with implicit shifts: `diagonal` becomes the eigenvalues, `beside` is overwritten. */
function diagonalise(diagonal: Float64Array, beside: Float64Array): void {
  const size = diagonal.length;
  for (let first = 0; first < size; first++) {
    for (let sweep = 0; ; sweep++) {
      const last = endOfBlock(diagonal, beside, first);
      if (last === first) break;
      if (sweep === mostSweeps)
        throw new Error('Eigenvalues did not converge: the matrix contains values that are not numbers.');
      chase(diagonal, beside, first, last);
    }
  }
}

/** The last row of the block that begins at `first`. */
function endOfBlock(diagonal: Float64Array, beside: Float64Array, first: number): number {
  let last = first;
  while (last < diagonal.length - 1) {
    const around = Math.abs(diagonal[last]!) + Math.abs(diagonal[last + 1]!);
    if (Math.abs(beside[last]!) <= Number.EPSILON * around) break;
    last++;
  }
  return last;
}

/** One sweep of rotations from the end of a block to its beginning, shifted by Wilkinson's estimate of its first eigenvalue. */
function chase(diagonal: Float64Array, beside: Float64Array, first: number, last: number): void {
  const half = (diagonal[first + 1]! - diagonal[first]!) / (2 * beside[first]!);
  const root = Math.hypot(half, 1);
  let g = diagonal[last]! - diagonal[first]! + beside[first]! / (half + (half >= 0 ? root : -root));
  let [sine, cosine, shift] = [1, 1, 0];
  for (let i = last - 1; i >= first; i--) {
    const f = sine * beside[i]!;
    const b = cosine * beside[i]!;
    const r = Math.hypot(f, g);
    beside[i + 1] = r;
    if (r === 0) {
      // The block splits here.
      diagonal[i + 1]! -= shift;
      beside[last] = 0;
      return;
    }
    sine = f / r;
    cosine = g / r;
    g = diagonal[i + 1]! - shift;
    const t = (diagonal[i]! - g) * sine + 2 * cosine * b;
    shift = sine * t;
    diagonal[i + 1] = g + shift;
    g = cosine * t - b;
  }
  diagonal[first]! -= shift;
  beside[first] = g;
  beside[last] = 0;
}
