import { LabError } from '../../shared/errors.ts';

/** Throws a `usage` LabError where embeddings of a length cannot be cut to so many numbers. */
export function requireCut(length: number, to: number): void {
  if (to <= length) return;
  throw new LabError(
    'usage',
    `The embeddings of this encoder have ${length} numbers; they cannot be cut to ${to}.`,
    `Give --dimensions from 1 to ${length}.`,
  );
}

/** Rows of `length` numbers cut to their first `to` and brought to length 1 again, as an index with short vectors would hold them: [rows, to]. */
export function cutEmbeddings(embeddings: Float32Array, length: number, to: number): Float32Array {
  if (to === length) return embeddings;
  const rows = embeddings.length / length;
  const result = new Float32Array(rows * to);
  for (let row = 0; row < rows; row++) {
    const cut = embeddings.subarray(row * length, row * length + to);
    const norm = Math.max(Math.hypot(...cut), 1e-12);
    cut.forEach((value, i) => (result[row * to + i] = value / norm));
  }
  return result;
}
